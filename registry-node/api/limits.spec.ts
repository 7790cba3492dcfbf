// What a stranger may send, and what is said to more of it: a row of docs/operations.md's table, a test. The bounds of
// connections are tested with the listener, those of sign-ins with auth.
import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { basic, owner, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { digestOf } from '../oci/digest.ts';
import { limits } from '../oci/limits.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';

const authorization = basic(owner, 'secret');

describe('a request that asks too much', ({ test, beforeEach, afterEach }) => {
  let registry: TestRegistry;
  let sockets: Socket[];
  beforeEach(async () => {
    registry = await startRegistry();
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await registry.close();
  });
  const ask = (line: string, body?: Uint8Array): Promise<Response> => {
    const [method = '', path = ''] = line.split(' ');
    return registry.request(method, path, body ? { as: owner, body } : { as: owner });
  };
  const begin = async (): Promise<string> =>
    (await ask('POST /v2/app/blobs/uploads/')).headers.get('location')!;
  /** Sends the head of a request and nothing of its body. */
  const sendHead = (line: string, ...headers: string[]): Socket => {
    const socket = connect(registry.port, '127.0.0.1');
    sockets.push(socket);
    const head = [`${line} HTTP/1.1`, 'Host: x', `Authorization: ${authorization}`, ...headers];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    return socket;
  };
  const firstLine = async (socket: Socket): Promise<string> => {
    const [data] = (await once(socket, 'data')) as [Buffer];
    return data.toString('latin1').split('\r\n')[0]!;
  };

  test('by its headers is answered 431, and up to the bound it is heard', async () => {
    const line = (bytes: number): string => `X-Long: ${'x'.repeat(bytes)}`;
    const heard = sendHead('GET /v2/', line(limits.headerBytesMax - 1000));
    assert.match(await firstLine(heard), / 200 /);
    assert.match(await firstLine(sendHead('GET /v2/', line(limits.headerBytesMax))), / 431 /);
    assert.match(await firstLine(sendHead(`GET /v2/${'x'.repeat(limits.headerBytesMax)}`)), / 431 /);
  });

  test('by a blob that says it is too large is answered 413 before it is sent', async () => {
    const length = `Content-Length: ${limits.blobBytesMax + 1}`;
    const location = await begin();
    for (const line of [`PATCH ${location}`, `PUT ${location}?digest=sha256:${'0'.repeat(64)}`]) {
      assert.match(await firstLine(sendHead(line, length)), / 413 /);
    }
  });

  test('by a blob that becomes too large is answered 413 where it does', async () => {
    const location = await begin();
    // Holes: as long as the longest blob but for a byte, and nothing on the disk.
    const file = join(registry.folder, 'content/blobs/unfinished', location.split('/').at(-1)!);
    await writeFile(file, '');
    await truncate(file, limits.blobBytesMax - 1);
    // The registry keeps 128 sessions open; of those that it has let go it looks at the file.
    for (let others = 0; others < 128; others++) await begin();
    assert.equal((await ask(`PATCH ${location}`, Buffer.alloc(1))).status, 202);
    const refused = await ask(`PATCH ${location}`, Buffer.alloc(1));
    assert.equal(refused.status, 413);
    assert.match(await refused.text(), /BLOB_UPLOAD_INVALID.*214748364800 bytes/);
  });

  test('by a manifest that is too large is answered 413', async () => {
    const manifest = Buffer.alloc(limits.manifestBytesMax + 1, ' ');
    assert.equal((await ask('PUT /v2/app/manifests/x', manifest)).status, 413);
  });

  test('by a page that is too long is answered the longest there is, and where it goes on', async () => {
    const tags = Array.from({ length: limits.pageEntriesMax + 1 }, (_, position) => `v${10_000 + position}`);
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }));
    const repository = parseRepositoryName('app');
    const put = { repository, bytes, mediaType: mediaTypes.ociIndex, tags: tags.map(parseTag) };
    await registry.content.putManifest(put, { origin: 'client' });
    const page = async (path: string): Promise<[string[], string | null]> => {
      const answer = await ask(`GET ${path}`);
      return [((await answer.json()) as { tags: string[] }).tags, answer.headers.get('link')];
    };
    const last = tags.at(-2)!;
    const next = `/v2/app/tags/list?last=${last}&n=${limits.pageEntriesMax}`;
    const longest = await page('/v2/app/tags/list?n=1000000');
    assert.deepEqual(longest, [tags.slice(0, -1), `<${next}>; rel="next"`]);
    assert.deepEqual(await page(next), [tags.slice(-1), null]);
  });

  test('by a mount from any repository is answered 202 when too many have the blob that the user may not read', async () => {
    const mine = 'zz/mine';
    registry.users.other = {
      password: 'secret',
      actions: [`repositories/${mine}/content/read`, 'repositories/new/content/write'],
    };
    const bytes = Buffer.from('a base layer');
    const digest = digestOf(bytes);
    const link = (repository: string): Promise<boolean> =>
      registry.content.linkBlob(parseRepositoryName(repository), digest);
    const mount = async (): Promise<number> => {
      const path = `/v2/new/blobs/uploads/?mount=${digest}`;
      return (await registry.request('POST', path, { as: 'other' })).status;
    };
    assert.equal((await ask(`POST /v2/${mine}/blobs/uploads/?digest=${digest}`, bytes)).status, 201);
    const others = Array.from({ length: limits.mountSourcesMax }, (_, position) => `app-${position}`);
    await Promise.all(others.slice(1).map(link));
    assert.equal(await mount(), 201);
    await registry.content.unlinkBlob(parseRepositoryName('new'), digest);
    await link(others[0]!);
    assert.equal(await mount(), 202);
  });

  test('by too many uploads at once is answered 429, for this user alone, until one ends', async () => {
    registry.users.other = { password: 'secret', actions: ['repositories/*/content/write'] };
    const locations = await Promise.all(Array.from({ length: limits.uploadsAtOnceMax }, begin));
    const stalled = locations.map((location) => sendHead(`PATCH ${location}`, 'Content-Length: 10'));
    const refused = await waitFor('a refusal', async () => {
      const answer = await ask('POST /v2/app/blobs/uploads/');
      return answer.status === 429 && answer;
    });
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.match(await refused.text(), /TOOMANYREQUESTS.*200 uploads under way/);
    const { status } = await registry.request('POST', '/v2/app/blobs/uploads/', { as: 'other' });
    assert.equal(status, 202);
    stalled[0]!.destroy();
    await waitFor('a place', async () => (await ask('POST /v2/app/blobs/uploads/')).status === 202);
  });
});
