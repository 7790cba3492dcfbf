// Garbage collection: what goes and what stays, and that nobody who works at the same time loses a blob. Races are led by hand:
// either a step is held at a gate, or the other party starts after more and more turns of the event loop.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { flowOf } from '../../blobs/flow.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { buildImage, type StoredImage, storeImage } from '../../../fixtures/images/stored.ts';
import type { BlobStore } from '../../blobs/blob-store.ts';
import { openDiskBlobs } from '../../blobs/disk.ts';
import type { Clock } from '../../clock.ts';
import { type Digest, digestHex, digestOf } from '../../oci/digest.ts';
import { OciError } from '../../oci/errors.ts';
import { mediaTypes } from '../../oci/media-type.ts';
import { parseRepositoryName, type RepositoryName } from '../../oci/name.ts';
import { deletedKeptMs, unfinishedKeptMs } from '../blob-links.ts';
import type { Content } from '../content.ts';
import { openContent } from '../open.ts';

const app = parseRepositoryName('team/app');
const other = parseRepositoryName('team/other');
const client = { origin: 'client' } as const;
const bytes = Buffer.from('a blob that waits for its manifest');
const digest = digestOf(bytes);
/** After how many turns of the event loop the other party starts; at last when the collection is over. */
const starts = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  8,
  10,
  13,
  16,
  20,
  30,
  40,
  60,
  80,
  120,
  180,
  270,
  400,
  800,
  'over',
] as const;
/** Enough for whoever does not wait at a gate to do all it can, files included. */
const gateTurns = 5000;

describe('garbage collection', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  let passedMs: number;
  // Files have the machine's time, so this clock runs ahead of it.
  const clock: Clock = {
    now: () => new Date(Date.now() + passedMs),
    sleep: () => Promise.reject(new Error('content does not wait')),
  };
  const open = async (wrap: (store: BlobStore) => BlobStore = (store) => store): Promise<void> => {
    const blobs = wrap(await openDiskBlobs(join(folder, 'blobs')));
    content = await openContent({ folder, clock, blobs });
  };
  const reopen = async (wrap?: (store: BlobStore) => BlobStore): Promise<void> => {
    await content.close();
    await open(wrap);
  };
  beforeEach(async () => {
    passedMs = 0;
    folder = await mkdtemp(join(tmpdir(), 'acrc-collect-'));
    await open();
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true, force: true });
  });
  const collect = (dryRun = false) => content.collectGarbage({ dryRun });
  const push = async (repository = app, pushed = bytes): Promise<void> => {
    const id = await content.uploads.start(repository, 'client');
    await content.uploads.append(repository, id, { source: flowOf(Readable.from([pushed])) });
    await content.uploads.finish(repository, id, digestOf(pushed));
  };
  const pull = (blob: Digest, repository = app): Promise<Buffer> => read(content, repository, blob);
  const putManifestOf = (repository: RepositoryName) =>
    content.putManifest({ repository, bytes: manifestOf(digest), mediaType: undefined }, client);
  /** Does `work` while a collection runs. */
  const meanwhile = async <T>(start: (typeof starts)[number], work: () => Promise<T>): Promise<T> => {
    const collecting = start === 0 ? undefined : collect();
    if (start === 'over') await collecting;
    const working = after(start === 'over' ? 0 : start, work);
    await (collecting ?? collect());
    return working;
  };
  /** A blob whose link runs out now. */
  const pushLongAgo = async (): Promise<void> => {
    await push();
    passedMs += unfinishedKeptMs + 1;
  };

  test('takes nothing of what a manifest needs, however old it is', async () => {
    const image = buildImage('one');
    await storeImage(content, app, image, ['v1']);
    await storeImage(content, other, image, []);
    passedMs = 1000 * unfinishedKeptMs;
    const { freedBytes, links } = await collect();
    assert.deepEqual([freedBytes, links], [0, 0]);
    for (const blob of image.blobs) assert.ok((await pull(blob.digest)).equals(blob.bytes));
  });

  test('says in a dry run what would go, takes it in the next, and then finds nothing more', async () => {
    const image = buildImage('one');
    await storeImage(content, app, image, ['v1']);
    await content.deleteManifest(app, image.digest, client);
    assert.equal((await collect()).freedBytes, 0);
    passedMs += deletedKeptMs + 1;
    const { would, ...planned } = await collect(true);
    assert.deepEqual(planned.blobs, { count: image.blobs.length, bytes: bytesOf(image) });
    const named = image.blobs.map((blob) => ({ what: 'blob', name: blob.digest, bytes: blob.bytes.length }));
    assert.deepEqual(
      would,
      named.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
    assert.equal(await content.storedBytes(), bytesOf(image));
    assert.deepEqual(await collect(), { ...planned, dryRun: false });
    assert.equal(await content.storedBytes(), 0);
    assert.deepEqual(await files(folder), []);
    assert.equal((await collect()).freedBytes, 0);
  });

  test('keeps what another manifest, or another repository, still needs', async () => {
    const [one, two] = [buildImage('one', [1000, 500]), buildImage('one')];
    await storeImage(content, app, one, ['v1']);
    await storeImage(content, other, one, ['v1']);
    await storeImage(content, app, two, ['v2']);
    await content.deleteManifest(app, one.digest, client);
    passedMs += deletedKeptMs + 1;
    const { blobs, links } = await collect();
    assert.equal(blobs.count, 0);
    assert.ok(links > 0);
    for (const blob of one.blobs) assert.ok((await pull(blob.digest, other)).equals(blob.bytes));
    for (const blob of two.blobs) assert.ok((await pull(blob.digest)).equals(blob.bytes));
  });

  test('keeps a blob that only a cache index or a foreign layer names', async () => {
    await push();
    const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [descriptor(digest)] };
    await content.putManifest(
      { repository: app, bytes: Buffer.from(JSON.stringify(index)), mediaType: mediaTypes.ociIndex },
      client,
    );
    passedMs += 2 * unfinishedKeptMs;
    await collect();
    assert.ok((await pull(digest)).equals(bytes));
  });

  test('waits a fortnight for the manifest of a blob, counted from the last time somebody asked for it', async () => {
    await push();
    passedMs += unfinishedKeptMs - 1000;
    assert.equal((await collect()).blobs.count, 0);
    assert.equal(await content.blobSize(app, digest), bytes.length);
    passedMs += unfinishedKeptMs - 1000;
    assert.equal((await collect()).blobs.count, 0);
    await putManifestOf(app);
    passedMs += 2 * unfinishedKeptMs;
    assert.equal((await collect()).blobs.count, 0);
  });

  test('ends uploads and copies that nobody went on with, and leaves the others', async () => {
    const old = await content.uploads.start(app, 'client');
    await content.uploads.append(app, old, { source: flowOf(Readable.from([bytes])) });
    const copy = await content.incomingBlob(digest);
    await copy.append(flowOf(Readable.from([bytes])));
    await copy.release();
    assert.equal((await collect()).freedBytes, 0);
    passedMs += unfinishedKeptMs + 60_000;
    const young = await content.uploads.start(app, 'client');
    const { would, ...planned } = await collect(true);
    assert.deepEqual([planned.uploads, planned.copies], [one(), one()]);
    assert.deepEqual(would, [
      { what: 'upload', name: `${app} ${old}`, bytes: bytes.length },
      { what: 'copy', name: `incoming-${digest.replace(':', '-')}`, bytes: bytes.length },
    ]);
    assert.deepEqual(await collect(), { ...planned, dryRun: false });
    await assert.rejects(content.uploads.bytes(app, old), isUnknownUpload);
    assert.equal(await content.uploads.bytes(app, young), 0);
    assert.deepEqual(await files(folder), []);
  });

  test('leaves a copy alone that somebody goes on with after it was looked at', async () => {
    let goOn: (() => Promise<void>) | undefined;
    await reopen((store) => ({
      ...store,
      listUnfinished: async () => {
        const listed = await store.listUnfinished();
        await goOn?.();
        return listed;
      },
    }));
    const appendSome = async (): Promise<void> => {
      const copy = await content.incomingBlob(digest);
      await copy.append(flowOf(Readable.from([bytes.subarray(copy.bytes, copy.bytes + 10)])));
      await copy.release();
    };
    await appendSome();
    passedMs += unfinishedKeptMs + 60_000;
    goOn = appendSome;
    assert.equal((await collect()).copies.count, 0);
    const copy = await content.incomingBlob(digest);
    assert.ok(copy.bytes > 10);
    goOn = async () => {
      await copy.append(flowOf(Readable.from([bytes.subarray(copy.bytes)])));
      await content.commitBlob(app, copy, digest);
      goOn = undefined;
    };
    await collect();
    assert.deepEqual(await files(folder), [digestHex(digest)]);
  });

  test('removes a file that a crash left without a row', async () => {
    const place = join(folder, 'blobs', 'sha256', digestHex(digest).slice(0, 2));
    await push();
    await content.unlinkBlob(app, digest);
    await collect();
    await writeFile(join(place, digestHex(digest)), bytes);
    assert.deepEqual((await collect(true)).files, one());
    assert.deepEqual((await collect()).files, one());
    assert.deepEqual(await readdir(place), []);
  });

  test('leaves a blob alone that is pushed again while its file is being removed', async () => {
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await reopen((store) => ({
      ...store,
      delete: async (blob) => {
        reached.resolve();
        await gate.promise;
        await store.delete(blob);
      },
    }));
    await pushLongAgo();
    const collecting = collect();
    await reached.promise;
    const pushing = push();
    await after(gateTurns, async () => gate.resolve());
    await Promise.all([collecting, pushing]);
    assert.ok((await pull(digest)).equals(bytes));
  });

  test('takes no file for a stray one whose row is just being written', async () => {
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await reopen((store) => ({
      ...store,
      unfinished: async (id) => {
        const blob = await store.unfinished(id);
        const commit = blob.commit.bind(blob);
        blob.commit = async (expected) => {
          const size = await commit(expected);
          reached.resolve();
          await gate.promise;
          return size;
        };
        return blob;
      },
    }));
    const pushing = push();
    await reached.promise;
    const collecting = collect();
    await after(gateTurns, async () => gate.resolve());
    await Promise.all([collecting, pushing]);
    assert.ok((await pull(digest)).equals(bytes));
  });

  test('and a mount at the same time: the mounted blob is there, or the mount is refused', async () => {
    const outcomes = new Set<boolean>();
    for (const start of starts) {
      await pushLongAgo();
      const mounted = await meanwhile(start, () => content.linkBlob(other, digest));
      if (mounted) assert.ok((await pull(digest, other)).equals(bytes));
      await content.unlinkBlob(other, digest);
      await collect();
      outcomes.add(mounted);
    }
    assert.deepEqual(outcomes, new Set([false, true]));
  });

  test('and a client that asks first: who hears that the blob is there can put its manifest', async () => {
    const outcomes = new Set<boolean>();
    for (const start of starts) {
      await pushLongAgo();
      const size = await meanwhile(start, () => content.blobSize(app, digest));
      await collect();
      if (size !== undefined) {
        await putManifestOf(app);
        assert.ok((await pull(digest)).equals(bytes));
        await content.deleteRepository(app, client);
        await collect();
      }
      outcomes.add(size !== undefined);
    }
    assert.deepEqual(outcomes, new Set([false, true]));
  });

  test('and a manifest at the same time: it is stored with all its blobs, or refused', async () => {
    const outcomes = new Set<boolean>();
    for (const start of starts) {
      await pushLongAgo();
      const stored = await meanwhile(start, () =>
        putManifestOf(app).then(
          () => true,
          (error: unknown) => {
            assert.ok(error instanceof OciError && error.code === 'MANIFEST_BLOB_UNKNOWN');
            return false;
          },
        ),
      );
      if (stored) assert.ok((await pull(digest)).equals(bytes));
      await content.deleteRepository(app, client);
      await collect();
      outcomes.add(stored);
    }
    assert.deepEqual(outcomes, new Set([false, true]));
  });

  test('lets a pull that has begun go on to its end', async () => {
    const large = Buffer.alloc(4_000_000, 7);
    await push(app, large);
    const target = new PassThrough({ highWaterMark: 100 });
    const sending = content.sendBlob(app, digestOf(large), target).then(() => target.end());
    await new Promise((resolve) => target.once('readable', resolve));
    await content.unlinkBlob(app, digestOf(large));
    assert.equal((await collect()).blobs.count, 1);
    assert.equal(Buffer.concat((await target.toArray()) as Buffer[]).length, large.length);
    await sending;
  });

  test('stops between two steps when it is told to', async () => {
    await pushLongAgo();
    const signal = AbortSignal.abort(new Error('the node stops'));
    await assert.rejects(content.collectGarbage({ dryRun: false, signal }), /the node stops/);
    assert.equal((await collect()).blobs.count, 1);
  });
});

async function after<T>(turns: number, work: () => Promise<T>): Promise<T> {
  for (let turn = 0; turn < turns; turn++) await setImmediate();
  return work();
}

const one = () => ({ count: 1, bytes: bytes.length });

function bytesOf(image: StoredImage): number {
  return image.blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);
}

function descriptor(of: Digest, mediaType: string = mediaTypes.ociLayerGzip) {
  return { mediaType, digest: of, size: bytes.length };
}

function manifestOf(config: Digest): Buffer {
  const { ociManifest: mediaType, ociConfig } = mediaTypes;
  return Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType, config: descriptor(config, ociConfig), layers: [] }),
  );
}

async function read(content: Content, repository: RepositoryName, blob: Digest): Promise<Buffer> {
  const target = new PassThrough();
  const sent = content.sendBlob(repository, blob, target).then(() => target.end());
  const received = (await target.toArray()) as Buffer[];
  await sent;
  return Buffer.concat(received);
}

/** Everything that lies in the store. */
async function files(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
}

function isUnknownUpload(error: unknown): boolean {
  return error instanceof OciError && error.code === 'BLOB_UPLOAD_UNKNOWN';
}
