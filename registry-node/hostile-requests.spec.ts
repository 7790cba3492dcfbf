// A registry under fire: thousands of requests that no client would send, none of which may make it fail, fall, or write
// outside of its folder.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { assert, describe } from '../fixtures/describe.ts';
import { forAllAsync } from '../fixtures/fuzz/cases.ts';
import { hostileManifest, hostileMediaType, knownBlob } from '../fixtures/fuzz/hostile.ts';
import { hostileRequest } from '../fixtures/fuzz/request.ts';
import { buildImage, storeImage } from '../fixtures/images/stored.ts';
import { basic, owner, startRegistry, type TestRegistry } from '../fixtures/registry.ts';
import { digestOf } from './oci/digest.ts';
import { parseManifest } from './oci/manifest.ts';

const authorization = basic(owner, 'secret');

describe(
  'a registry under fire',
  ({ test, before, after }) => {
    let parent: string;
    let registry: TestRegistry;
    before(async () => {
      parent = await mkdtemp(join(tmpdir(), 'acrc-fire-'));
      const folder = join(parent, 'data');
      await mkdir(folder);
      registry = await startRegistry({ folder, loginServer: true });
      await storeImage(registry.content, 'app', buildImage('under fire'), ['latest']);
    });
    after(async () => {
      await registry.close();
      await rm(parent, { recursive: true, force: true });
    });

    test('answers every request that can be routed, and none with a failure of its own', () =>
      forAllAsync(hostileRequest, 6000, async ({ payload, ...request }) => {
        const answer = await registry.app.inject({ ...request, ...(payload && { payload }) });
        assert.ok(answer.statusCode >= 200 && answer.statusCode < 500, `${answer.statusCode} ${answer.body}`);
      }));

    test('takes no manifest that its own readers could not read', async () => {
      const push = `/v2/hostile/blobs/uploads/?digest=${digestOf(knownBlob)}`;
      await registry.request('POST', push, { as: owner, body: knownBlob });
      await forAllAsync(fc.tuple(hostileManifest, hostileMediaType), 3000, async ([payload, type]) => {
        const headers = { authorization, 'content-type': type };
        const answer = await registry.app.inject({
          method: 'PUT',
          url: '/v2/hostile/manifests/x',
          headers,
          payload,
        });
        assert.ok(answer.statusCode < 500, `${answer.statusCode} ${answer.body}`);
        if (answer.statusCode !== 201) return;
        const stored = await registry.app.inject({ url: '/v2/hostile/manifests/x', headers });
        assert.ok(stored.rawPayload.equals(payload));
        parseManifest(stored.rawPayload, stored.headers['content-type']);
      });
    });

    test('stays up whatever bytes come in at its port', () =>
      forAllAsync(garbage, 300, async (bytes) => {
        const first = await send(registry.port, bytes);
        assert.ok(first === '' || /^HTTP\/1\.1 [1-4]\d\d /.test(first), first);
      }));

    test('has kept what it held, and written nowhere else', async () => {
      assert.deepEqual(await readdir(parent), ['data']);
      assert.deepEqual((await readdir(join(parent, 'data'))).sort(), ['content', 'tokens']);
      const { status } = await registry.request('GET', '/v2/app/manifests/latest', { as: owner });
      // Deleted, or locked by one of them.
      assert.ok([200, 404, 405].includes(status), `${status}`);
      assert.equal((await registry.request('GET', '/v2/', { as: owner })).status, 200);
    });
  },
  { timeoutMs: 90_000 },
);

/** Requests whose framing is wrong: what no HTTP library would send. */
const lines = [
  'GET /v2/ HTTP/1.1|GET /v2/ HTTP/9.9|PUT /v2/app/manifests/x HTTP/1.1|PRI * HTTP/2.0|\u0016\u0003\u0001|\0|',
  'Host: x|Host: x\r\nHost: y|Content-Length: 5|Content-Length: -1|Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked|Transfer-Encoding: chunked, identity|Expect: 100-continue|Upgrade: h2c',
  `ffffffffffffffff|0|zz|X: ${'y'.repeat(20_000)}|Authorization: ${authorization}`,
].flatMap((line) => line.split('|'));
const garbage = fc.oneof(
  fc.array(fc.constantFrom(...lines), { maxLength: 8 }).map((each) => `${each.join('\r\n')}\r\n\r\n`),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

/** @returns the first line of the answer; empty when the connection was closed without one */
function send(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text.split('\r\n')[0]!));
    // Half closed: the server knows that nothing more comes.
    socket.end(bytes);
  });
}
