// A pull that is under way when its blob goes, in whichever way it goes: what was promised comes, whole and as its digest says, and
// nobody gets it who asks afterwards.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { assert, describe } from '../../fixtures/describe.ts';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { openedBelow } from '../../fixtures/opened-below.ts';
import { basic, owner, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import type { Clock } from '../clock.ts';
import { unfinishedKeptMs } from '../content/blob-links.ts';
import { digestHex, digestOf } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';

const app = parseRepositoryName('app');
/** More than the registry and the sockets between hold in memory, so that the rest is read when the blob is gone. */
const layer = Buffer.concat([...randomBytes('pulled', 40 * 1024 * 1024)]);
const digest = digestOf(layer);
const path = `/v2/app/blobs/${digest}`;
const image = buildImage('whose layer is pulled', [1000]);

describe('a pull that is under way', ({ test, beforeEach, afterEach }) => {
  let registry: TestRegistry;
  let passedMs: number;
  const clock: Clock = {
    now: () => new Date(Date.now() + passedMs),
    sleep: () => Promise.reject(new Error('nobody waits here')),
  };
  beforeEach(async () => {
    passedMs = 0;
    registry = await startRegistry({ clock });
    await storeImage(registry.content, 'app', image, ['v1']);
    await push();
  });
  afterEach(() => registry.close());
  const ask = (method: string, at: string, body?: Uint8Array): Promise<Response> =>
    registry.request(method, at, body ? { as: owner, body } : { as: owner });
  const push = async (): Promise<void> => {
    assert.equal((await ask('POST', `/v2/app/blobs/uploads/?digest=${digest}`, layer)).status, 201);
  };
  /** Asks for the blob and takes no more of the answer than its head. */
  const begin = async (headers: Record<string, string> = {}): Promise<IncomingMessage> => {
    const authorization = basic(owner, 'secret');
    const request = get(`http://${registry.host}${path}`, { headers: { authorization, ...headers } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };
  const collect = () => registry.content.collectGarbage({ dryRun: false });

  const ways: [how: string, go: () => Promise<unknown>][] = [
    ['is deleted and collected', () => ask('DELETE', path).then(collect)],
    [
      'goes with its repository',
      () => registry.content.deleteRepository(app, { origin: 'client' }).then(collect),
    ],
    [
      'is collected because no manifest came for it',
      async () => {
        passedMs += unfinishedKeptMs + 1;
        await collect();
      },
    ],
  ];
  for (const [how, go] of ways) {
    test(`ends whole when its blob ${how}`, async () => {
      const whole = await begin();
      const part = await begin({ range: `bytes=${1024 * 1024}-` });
      await go();
      assert.equal((await ask('GET', path)).status, 404);
      assert.equal(digestOf(await buffer(whole)), digest);
      assert.ok((await buffer(part)).equals(layer.subarray(1024 * 1024)));
      const isOpen = (): boolean =>
        openedBelow(registry.folder).some((file) => file.includes(digestHex(digest)));
      await waitFor('the file to be closed, so that its space is free', async () => !isOpen());
    });
  }

  test('ends whole when its blob is deleted and pushed again meanwhile', async () => {
    const whole = await begin();
    await ask('DELETE', path);
    await collect();
    await push();
    assert.equal(digestOf(await buffer(whole)), digest);
    assert.equal(digestOf(Buffer.from(await (await ask('GET', path)).arrayBuffer())), digest);
  });
});
