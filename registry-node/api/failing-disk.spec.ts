// A disk that fails in every way it can, at each step of a push: the client is told, pulls go on, nothing half-stored shows, and
// when the disk is well again so is the registry, without a restart.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { type DiskFault, withDiskFault } from '../../fixtures/disk-faults.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { owner, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { mediaTypes } from '../oci/media-type.ts';

/** What a push of a blob, and one of a manifest, are answered while the fault lasts. */
const rows: [fault: DiskFault, blob: number, manifest: number][] = [
  ['a write that fails', 500, 201],
  ['a write without space', 507, 201],
  ['writes that take a part', 201, 201],
  ['a sync of a file that fails', 500, 500],
  ['a sync of a file without space', 507, 507],
  ['a sync of a folder that fails', 500, 201],
  ['a rename that fails', 500, 201],
  ['a row that cannot be written', 500, 500],
  ['a row without space', 507, 507],
  ['a commit that fails', 500, 500],
  ['a commit without space', 507, 507],
];

/** After it nobody knows what the disk holds, and a second sync says nothing of what the first one lost. */
const unsynced = /^a sync of a file/;

const held = buildImage('held before');
const image = buildImage('pushed meanwhile', [3_000_000]);
const layer = image.blobs[1]!;
const middle = 1_500_000;

describe('a push to a disk', ({ test, beforeEach, afterEach }) => {
  let registry: TestRegistry;
  beforeEach(async () => {
    registry = await startRegistry();
    await storeImage(registry.content, 'app', held, ['v1']);
    for (const { digest, bytes } of image.blobs.slice(0, 1)) {
      assert.equal(await ask(`POST /v2/app/blobs/uploads/?digest=${digest}`, bytes), 201);
    }
  });
  afterEach(() => registry.close());

  const request = (line: string, body?: Buffer): Promise<Response> => {
    const [method = '', path = ''] = line.split(' ');
    const headers = { 'content-type': path.includes('manifests') ? mediaTypes.ociManifest : 'a/b' };
    return registry.request(method, path, { as: owner, headers, ...(body && { body }) });
  };
  const ask = async (line: string, body?: Buffer): Promise<number> => {
    const response = await request(line, body);
    await response.arrayBuffer();
    return response.status;
  };
  const pullsHeld = async (): Promise<void> => {
    assert.equal(await ask('GET /v2/app/manifests/v1'), 200);
    for (const { digest } of held.blobs) assert.equal(await ask(`GET /v2/app/blobs/${digest}`), 200);
  };
  const pushWhole = (): Promise<number> =>
    ask(`POST /v2/app/blobs/uploads/?digest=${layer.digest}`, layer.bytes);
  const pushManifest = (): Promise<number> => ask('PUT /v2/app/manifests/v2', image.manifest);
  const unfinished = (): Promise<string[]> => readdir(join(registry.folder, 'content/blobs/unfinished'));
  const pullsPushed = async (): Promise<void> => {
    const pulled = await request(`GET /v2/app/blobs/${layer.digest}`);
    assert.ok(Buffer.from(await pulled.arrayBuffer()).equals(layer.bytes));
    assert.equal(await pushManifest(), 201);
    assert.equal(await ask('GET /v2/app/manifests/v2'), 200);
    assert.deepEqual(await unfinished(), []);
  };

  for (const [fault, blob, manifest] of rows) {
    test(`with ${fault} is answered ${blob}, and works when that is over`, async () => {
      await withDiskFault(fault, async () => {
        assert.equal(await pushWhole(), blob);
        await pullsHeld();
      });
      assert.equal(await ask(`HEAD /v2/app/blobs/${layer.digest}`), blob === 201 ? 200 : 404);
      assert.deepEqual(await unfinished(), []);
      assert.equal(await pushWhole(), 201);
      await pullsPushed();
    });

    test(`with ${fault} in the middle of an upload can go on from where it stands`, async () => {
      const location = (await request('POST /v2/app/blobs/uploads/')).headers.get('location')!;
      assert.equal(await ask(`PATCH ${location}`, layer.bytes.subarray(0, middle)), 202);
      const finish = (from: number): Promise<number> =>
        ask(`PUT ${location}?digest=${layer.digest}`, layer.bytes.subarray(from));
      const status = await withDiskFault(fault, () => finish(middle));
      assert.equal(status, blob);
      if (status !== 201) {
        const range = (await request(`GET ${location}`)).headers.get('range')!;
        const last = Number(range.slice(2));
        if (unsynced.test(fault)) assert.equal(last, 0);
        assert.equal(await finish(last === 0 ? 0 : last + 1), 201);
      }
      await pullsPushed();
    });

    test(`with ${fault} answers a manifest ${manifest}, and stores it whole or not at all`, async () => {
      assert.equal(await pushWhole(), 201);
      assert.equal(await withDiskFault(fault, pushManifest), manifest);
      const after = await ask('GET /v2/app/manifests/v2');
      // What was written and could not be synced may be seen: nobody was told that it is stored, or that it is not.
      if (!unsynced.test(fault)) assert.equal(after, manifest === 201 ? 200 : 404);
      assert.equal(await ask(`GET /v2/app/manifests/${image.digest}`), after);
      await pullsPushed();
    });
  }
});
