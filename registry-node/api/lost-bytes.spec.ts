// A disk that lost a blob, or a part of it, between two scrubs: whoever asks for it first finds out. Nobody waits for bytes that
// will not come, nobody gets another answer's bytes, and a push mends it.
import { truncate, unlink } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { basic, owner, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { type Digest, digestHex } from '../oci/digest.ts';
import type { Damage } from '../content/scrub/scrub.ts';

const bytes = 3_000_000;
const image = buildImage('lost', [bytes]);
const { digest, bytes: layer } = image.blobs[1]!;
const path = `/v2/app/blobs/${digest}`;

const losses: [name: string, lose: (file: string) => Promise<void>][] = [
  ['is gone', unlink],
  ['is empty', (file) => truncate(file, 0)],
  ['lost its end', (file) => truncate(file, bytes - 1)],
];

describe('a blob whose file', ({ test, beforeEach, afterEach }) => {
  let registry: TestRegistry;
  let agent: Agent;
  let found: Damage[];
  beforeEach(async () => {
    registry = await startRegistry();
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    found = [];
    registry.content.onDamage((damage) => found.push(damage));
    await storeImage(registry.content, 'app', image, ['v1']);
  });
  afterEach(async () => {
    agent.destroy();
    await registry.close();
  });
  const fileOf = (digest: Digest): string => {
    const hex = digestHex(digest);
    return join(registry.folder, 'content', 'blobs', 'sha256', hex.slice(0, 2), hex);
  };
  /** Over one connection: an answer that is longer or shorter than it says would spoil the next. */
  const ask = (method: string, at: string, headers = {}): Promise<{ status: number; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const authorization = basic(owner, 'secret');
      const options = {
        agent,
        port: registry.port,
        method,
        path: at,
        headers: { authorization, ...headers },
      };
      request(options, (response) => {
        buffer(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
      })
        .on('error', reject)
        .end();
    });
  const statusOf = async (method: string): Promise<number> => (await ask(method, path)).status;

  for (const [name, lose] of losses) {
    for (const range of [undefined, `bytes=${bytes - 10}-`]) {
      test(`${name} is unknown to who asks for ${range === undefined ? 'it' : 'its end'}, and well when it is pushed again`, async () => {
        await lose(fileOf(digest));
        const answer = await ask('GET', path, range === undefined ? {} : { range });
        assert.equal(answer.status, 404);
        assert.match(answer.body.toString(), /BLOB_UNKNOWN/);
        assert.equal((await ask('GET', '/v2/')).status, 200);
        await waitFor('the damage to be told', async () => found.length > 0);
        assert.deepEqual(
          found.map((damage) => damage.digest),
          [digest],
        );
        assert.equal(await statusOf('HEAD'), 404);
        const pushed = await registry.request('POST', `/v2/app/blobs/uploads/?digest=${digest}`, {
          as: owner,
          body: layer,
        });
        assert.equal(pushed.status, 201);
        assert.ok((await ask('GET', path)).body.equals(layer));
      });
    }
  }

  test('is longer than it was is sent as long as it was', async () => {
    await truncate(fileOf(digest), bytes + 1000);
    assert.ok((await ask('GET', path)).body.equals(layer));
    assert.equal((await ask('GET', '/v2/')).status, 200);
  });

  test('lost its end while it was kept open is not sent as if it were whole', async () => {
    // More than is kept of it in memory, which is as good as ever.
    const large = buildImage('lost while open', [40_000_000]);
    const { digest, bytes: content } = large.blobs[1]!;
    await storeImage(registry.content, 'app', large, ['v2']);
    const path = `/v2/app/blobs/${digest}`;
    assert.ok((await ask('GET', path)).body.equals(content));
    await truncate(fileOf(digest), 1_500_000);
    await assert.rejects(ask('GET', path), /aborted|hang up|ECONNRESET/);
    await waitFor('the damage to be told', async () => found.length > 0);
    assert.equal((await ask('GET', path)).status, 404);
  });
});
