// A disk that is full in the middle of a push, for real: the client learns it, nothing is lost, and the push goes on when
// there is room again.
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';
import { owner, startRegistry } from '../../fixtures/registry.ts';
import { missingSmallDisk, mountSmallDisk } from '../../fixtures/small-disk.ts';
import { digestOf } from '../oci/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';

const megabyte = 1024 * 1024;

describe('a push to a full disk', ({ test, skip }) => {
  const name = 'is answered 507, keeps what arrived, and goes on when there is room again';
  const rowsName =
    'that leaves no room for rows is answered 507, changes nothing, and works when there is room again';
  const startName =
    'does not keep a registry from starting again: it serves what it has, and garbage collection makes room';
  const missing = missingSmallDisk();
  if (missing !== undefined) {
    skip(rowsName, missing);
    skip(startName, missing);
    return skip(name, missing);
  }

  test(rowsName, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-full-'));
    const disk = await mountSmallDisk(folder, 4 * megabyte);
    const registry = await startRegistry({ folder });
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] });
    const put = (tag: string): Promise<Response> =>
      registry.request('PUT', `/v2/app/manifests/${tag}`, { as: owner, body: manifest });
    const tags = async (): Promise<unknown> =>
      (await registry.request('GET', '/v2/app/tags/list', { as: owner })).json();
    try {
      assert.equal((await put('before')).status, 201);
      await writeFile(join(folder, 'filler'), Buffer.alloc(4 * megabyte)).catch(() => undefined);
      for (let attempt = 0; attempt < 3; attempt++) {
        const refused = await put('meanwhile');
        assert.equal(refused.status, 507, await refused.text());
        assert.deepEqual(await tags(), { name: 'app', tags: ['before'] });
      }
      await disk.resize(16 * megabyte);
      assert.equal((await put('after')).status, 201);
      assert.deepEqual(await tags(), { name: 'app', tags: ['after', 'before'] });
    } finally {
      await registry.close();
      await disk.unmount();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test(startName, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-full-'));
    const disk = await mountSmallDisk(folder, 16 * megabyte);
    let registry = await startRegistry({ folder });
    const ask = async (line: string, body?: Uint8Array): Promise<number> => {
      const [method = '', path = ''] = line.split(' ');
      return (await registry.request(method, path, body ? { as: owner, body } : { as: owner })).status;
    };
    try {
      const image = buildImage('stored before');
      await storeImage(registry.content, 'app', image, ['v1']);
      const garbage = buildImage('garbage', [2 * megabyte]);
      await storeImage(registry.content, 'gone', garbage, ['v1']);
      await registry.content.deleteRepository(parseRepositoryName('gone'), { origin: 'client' });
      for (let start = 0; start < 3; start++) {
        await registry.close();
        await appendFile(join(folder, 'filler'), Buffer.alloc(16 * megabyte)).catch(() => undefined);
        registry = await startRegistry({ folder });
        assert.equal(await ask('GET /v2/app/manifests/v1'), 200);
        const pushed = Buffer.concat([...randomBytes(`${start}`, megabyte)]);
        assert.equal(await ask(`POST /v2/app/blobs/uploads/?digest=${digestOf(pushed)}`, pushed), 507);
      }
      assert.equal((await registry.content.collectGarbage({ dryRun: false })).blobs.count, 2);
      const pushed = Buffer.concat([...randomBytes('at last', megabyte)]);
      assert.equal(await ask(`POST /v2/app/blobs/uploads/?digest=${digestOf(pushed)}`, pushed), 201);
    } finally {
      await registry.close();
      await disk.unmount();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test(name, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-full-'));
    const disk = await mountSmallDisk(folder, 8 * megabyte);
    const registry = await startRegistry({ folder });
    const ask = (method: string, path: string, body?: Uint8Array): Promise<Response> =>
      registry.request(method, path, body ? { as: owner, body } : { as: owner });
    try {
      const image = buildImage('stored before');
      await storeImage(registry.content, 'app', image, ['v1']);
      const bytes = Buffer.concat([...randomBytes('too large', 12 * megabyte)]);
      const location = (await ask('POST', '/v2/app/blobs/uploads/')).headers.get('location')!;

      const refused = await ask('PATCH', location, bytes);
      assert.equal(refused.status, 507);
      const { errors } = (await refused.json()) as { errors: { code: string }[] };
      assert.equal(errors[0]?.code, 'INSUFFICIENT_STORAGE');
      assert.equal((await ask('GET', '/v2/app/manifests/v1')).status, 200);

      await disk.resize(64 * megabyte);
      const range = (await ask('GET', location)).headers.get('range')!;
      const arrived = Number(range.slice(2)) + 1;
      assert.ok(arrived > megabyte && arrived < bytes.length);
      const done = await ask('PUT', `${location}?digest=${digestOf(bytes)}`, bytes.subarray(arrived));
      assert.equal(done.status, 201);
      assert.equal(
        (await ask('HEAD', `/v2/app/blobs/${digestOf(bytes)}`)).headers.get('content-length'),
        String(bytes.length),
      );
    } finally {
      await registry.close();
      await disk.unmount();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
