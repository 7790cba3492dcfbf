// Scrub: what is damaged is found, never served, put aside, and well again when its bytes arrive again.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { flowOf } from '../../blobs/flow.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { withDiskFault } from '../../../fixtures/disk-faults.ts';
import { buildImage, storeImage } from '../../../fixtures/images/stored.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';
import type { BlobStore } from '../../blobs/blob-store.ts';
import { openDiskBlobs } from '../../blobs/disk.ts';
import type { Clock } from '../../clock.ts';
import { type Digest, digestHex } from '../../oci/digest.ts';
import { OciError } from '../../oci/errors.ts';
import { mediaTypes } from '../../oci/media-type.ts';
import { parseRepositoryName } from '../../oci/name.ts';
import { parseTag } from '../../oci/reference.ts';
import type { Content } from '../content.ts';
import { openContent } from '../open.ts';
import type { Damage } from './scrub.ts';

const app = parseRepositoryName('team/app');
const other = parseRepositoryName('team/other');
const v1 = parseTag('v1');
const client = { origin: 'client' } as const;
const image = buildImage('one', [1000, 5000]);
const layer = image.blobs[2]!;
const bytesPerSecond = 1000;

describe('scrub', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  let now: number;
  let found: Damage[];
  /** What others do while the scrub waits for its turn at the disk. */
  let meanwhile: () => Promise<void>;
  const clock: Clock = {
    now: () => new Date(now),
    sleep: async (ms) => {
      now += ms;
      await meanwhile();
    },
  };
  const open = async (wrap: (store: BlobStore) => BlobStore = (store) => store): Promise<void> => {
    const blobs = wrap(await openDiskBlobs(join(folder, 'blobs')));
    content = await openContent({ folder, clock, blobs });
    content.onDamage((damage) => found.push(damage));
  };
  const reopen = async (wrap?: (store: BlobStore) => BlobStore): Promise<void> => {
    await content.close();
    await open(wrap);
  };
  beforeEach(async () => {
    now = Date.parse('2026-01-01T00:00:00Z');
    found = [];
    meanwhile = async () => undefined;
    folder = await mkdtemp(join(tmpdir(), 'acrc-scrub-'));
    await open();
    await storeImage(content, app, image, ['v1']);
    await storeImage(content, other, image, ['v1']);
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true, force: true });
  });
  const scrub = (signal?: AbortSignal) => content.scrub({ bytesPerSecond, signal });
  const fileOf = (digest: Digest): string => {
    const hex = digestHex(digest);
    return join(folder, 'blobs', 'sha256', hex.slice(0, 2), hex);
  };
  const push = async (): Promise<void> => {
    const id = await content.uploads.start(app, 'client');
    await content.uploads.append(app, id, { source: flowOf(Readable.from([layer.bytes])) });
    await content.uploads.finish(app, id, layer.digest);
  };
  const blobBytes = image.blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);
  const allBytes = blobBytes + 2 * image.manifest.length;

  test('looks at once at a blob that cannot be sent as it was stored, and not at one whose reader went away', async () => {
    let reads = 0;
    await reopen((store) => ({ ...store, read: (digest) => (reads++, store.read(digest)) }));
    const reader = new Writable({ write: (_chunk, _encoding, done) => done(new Error('read ECONNRESET')) });
    await assert.rejects(content.sendBlob(app, layer.digest, reader), /ECONNRESET|went away/);
    await setImmediate();
    assert.equal(reads, 0);
    await writeFile(fileOf(layer.digest), layer.bytes.subarray(1));
    await assert.rejects(content.sendBlob(app, layer.digest, new PassThrough()), /ends at|unknown/);
    await waitFor('the damage to be told', async () => found.length > 0);
    assert.ok(reads > 0);
    assert.deepEqual(
      found.map(({ digest }) => digest),
      [layer.digest],
    );
  });

  test('reads everything at its pace and finds nothing where nothing is wrong', async () => {
    const started = now;
    const progress = await scrub();
    assert.partialDeepStrictEqual(progress, { manifests: 2, blobs: 3, bytes: allBytes, damaged: 0 });
    assert.ok(now - started >= ((allBytes - bytesPerSecond) / bytesPerSecond) * 1000);
    assert.deepEqual(await content.scrubProgress(), progress);
    assert.deepEqual([found, await content.damage(10)], [[], { manifests: [], blobs: [] }]);
  });

  test('takes a damaged blob out of every repository, and a push brings it back to all of them', async () => {
    await writeFile(fileOf(layer.digest), Buffer.alloc(layer.bytes.length, 1));
    assert.equal((await scrub()).damaged, 1);
    assert.equal(found[0]?.digest, layer.digest);
    assert.match(found[0].reason, /has the digest sha256:/);
    for (const repository of [app, other]) {
      assert.equal(await content.blobSize(repository, layer.digest), undefined);
      assert.equal(await content.linkBlob(repository, layer.digest), false);
    }
    const put = { repository: app, bytes: image.manifest, mediaType: mediaTypes.ociManifest };
    await assert.rejects(content.putManifest(put, client), isBlobUnknown);
    assert.deepEqual(await readdir(join(folder, 'blobs', 'quarantine')), [layer.digest.replace(':', '-')]);
    assert.deepEqual((await content.damage(10)).blobs, [
      { digest: layer.digest, size: layer.bytes.length, repositories: [app, other] },
    ]);
    await reopen();
    await push();
    for (const repository of [app, other]) {
      assert.equal(await content.blobSize(repository, layer.digest), layer.bytes.length);
    }
    assert.deepEqual((await content.damage(10)).blobs, []);
    assert.equal((await scrub()).damaged, 0);
  });

  test('misses a file that is gone', async () => {
    await rm(fileOf(layer.digest));
    await scrub();
    assert.deepEqual(found, [{ digest: layer.digest, reason: 'its file is missing' }]);
    assert.equal(await content.hasBlob(layer.digest), false);
  });

  /** The disk has other bytes for the manifest now. */
  const damageManifest = (repository: string): void => {
    const database = new DatabaseSync(join(folder, 'registry.db'));
    const noise = Buffer.alloc(image.manifest.length);
    database.prepare('UPDATE manifests SET bytes = ? WHERE repository = ?').run(noise, repository);
    database.close();
  };

  test('hides a damaged manifest from tag and digest, though it was cached, until it is pushed again', async () => {
    await content.manifest(app, { tag: v1 });
    damageManifest(app);
    await scrub();
    assert.deepEqual(
      found.map(({ digest, repository }) => [digest, repository]),
      [[image.digest, app]],
    );
    for (const reference of [{ tag: v1 }, { digest: image.digest }]) {
      assert.equal(await content.manifest(app, reference), undefined);
      assert.ok(await content.manifest(other, reference));
    }
    assert.deepEqual((await content.damage(10)).manifests, [{ repository: app, digest: image.digest }]);
    await content.putManifest({ repository: app, bytes: image.manifest, mediaType: undefined }, client);
    assert.ok(image.manifest.equals((await content.manifest(app, { tag: v1 }))!.bytes));
    assert.deepEqual((await content.damage(10)).manifests, []);
  });

  test('leaves a manifest alone that was deleted, or pushed anew, after it was read', async () => {
    for (const again of [false, true]) {
      damageManifest(app);
      meanwhile = async () => {
        await content.deleteManifest(app, image.digest, client);
        if (again) await storeImage(content, app, image, ['v1']);
      };
      assert.equal((await scrub()).damaged, 0);
      assert.deepEqual((await content.damage(10)).manifests, []);
      assert.equal((await content.manifest(app, { tag: v1 }))?.digest, again ? image.digest : undefined);
      await storeImage(content, app, image, ['v1']);
    }
  });

  test('judges nothing that reads well the second time', async () => {
    let reads = 0;
    await reopen((store) => ({
      ...store,
      read: (digest) => (reads++ === 0 ? Readable.from([Buffer.from('noise')]) : store.read(digest)),
    }));
    assert.equal((await scrub()).damaged, 0);
    assert.equal(reads, 4);
  });

  test('goes on after a restart with what it had not read, and begins anew once it was through', async () => {
    const stop = new AbortController();
    const read: Digest[] = [];
    const counted = (store: BlobStore): BlobStore => ({
      ...store,
      read: (digest) => {
        read.push(digest);
        if (read.length === 3) stop.abort(new Error('the node stops'));
        return store.read(digest);
      },
    });
    await reopen(counted);
    await assert.rejects(scrub(stop.signal), /the node stops/);
    assert.equal((await content.scrubProgress())?.endedAt, undefined);
    await reopen(counted);
    assert.partialDeepStrictEqual(await scrub(), { manifests: 2, blobs: 3, bytes: allBytes });
    assert.equal(read.length, 4);
    now += 1000;
    await scrub();
    assert.equal(read.length, 7);
  });

  test('is as far as the disk knows when the disk does not take how far it is', async () => {
    await assert.rejects(
      withDiskFault('a row that cannot be written', () => scrub()),
      /injected/,
    );
    assert.equal(await content.scrubProgress(), undefined);
    assert.partialDeepStrictEqual(await scrub(), { manifests: 2, blobs: 3, bytes: allBytes });
  });

  test('tells whoever waits for damage', async () => {
    let told = 0;
    const end = content.onDamage(() => told++);
    await rm(fileOf(layer.digest));
    await scrub();
    end();
    assert.equal(told, 1);
  });

  test('leaves a damaged blob to garbage collection when nobody needs it', async () => {
    await rm(fileOf(layer.digest));
    await scrub();
    for (const repository of [app, other]) await content.deleteRepository(repository, client);
    await content.collectGarbage({ dryRun: false });
    assert.deepEqual((await content.damage(10)).blobs, []);
  });
});

function isBlobUnknown(error: unknown): boolean {
  return error instanceof OciError && error.code === 'MANIFEST_BLOB_UNKNOWN';
}
