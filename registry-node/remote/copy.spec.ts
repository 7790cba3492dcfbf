// Copying graphs between two real contents. The source is asked through the same few calls as a registry over HTTP, so
// that a test sees each byte range that is asked for, and cuts it where it likes.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openDiskBlobs } from '../blobs/disk.ts';
import { flowOf } from '../blobs/flow.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, type StoredImage } from '../../fixtures/images/stored.ts';
import { systemClock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import { openContent } from '../content/open.ts';
import { type Digest, digestHex, digestOf } from '../oci/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { type CopyRequest, type CopySource, copyGraph } from './copy.ts';
import { isRemoteError, RemoteError } from './errors.ts';

const app = parseRepositoryName('app');
const chunkBytes = 1000;

/** A source that holds what a test gives it. `asked` has a line per request. */
class Source implements CopySource {
  readonly endpoint = 'source.test';
  readonly asked: string[] = [];
  readonly manifests = new Map<string, { bytes: Buffer; mediaType: string }>();
  readonly blobs = new Map<string, Buffer>();
  /** Called before each piece of a blob is given. */
  onPiece: (digest: Digest, position: number) => void = () => undefined;

  add(image: StoredImage): Digest {
    for (const { digest, bytes } of image.blobs) this.blobs.set(digest, bytes);
    return this.addManifest(image.manifest, mediaTypes.ociManifest);
  }
  addManifest(bytes: Buffer, mediaType: string): Digest {
    const digest = digestOf(bytes);
    this.manifests.set(digest, { bytes, mediaType });
    return digest;
  }
  addIndex(...manifests: Digest[]): Digest {
    const descriptors = manifests.map((digest) => ({ mediaType: mediaTypes.ociManifest, digest, size: 1 }));
    const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: descriptors };
    return this.addManifest(Buffer.from(JSON.stringify(index)), mediaTypes.ociIndex);
  }
  manifest: CopySource['manifest'] = async (_, { digest = digestOf('') }) => {
    this.asked.push(`manifest ${digest}`);
    const found = this.manifests.get(digest);
    return found && { ...found, digest };
  };
  headManifest: CopySource['headManifest'] = async (_, { digest = digestOf('') }) => {
    this.asked.push(`head ${digest}`);
    const found = this.manifests.get(digest);
    return found && { digest, mediaType: found.mediaType };
  };
  openBlob: CopySource['openBlob'] = async (_, digest, { start, length } = { start: 0 }) => {
    const bytes = this.blobs.get(digest);
    if (!bytes) throw new RemoteError('not-found', 'no such blob');
    this.asked.push(`blob ${digest} ${start}-${length ?? ''}`);
    const end = length === undefined ? bytes.length : start + length;
    return flowOf(Readable.from(this.#pieces(digest, bytes, start, end)));
  };
  async *#pieces(digest: Digest, bytes: Buffer, start: number, end: number): AsyncIterable<Uint8Array> {
    for (let position = start; position < end; position += 100) {
      this.onPiece(digest, position);
      yield bytes.subarray(position, Math.min(position + 100, end));
    }
  }
  askedFor(digest: Digest): string[] {
    return this.asked.filter((line) => line.startsWith(`blob ${digest}`)).map((line) => line.split(' ')[2]!);
  }
}

describe('copying a graph', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let target: Content;
  let source: Source;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-copy-'));
    target = await openContent({ folder, clock: systemClock });
    source = new Source();
  });
  afterEach(async () => {
    await target.close();
    await rm(folder, { recursive: true });
  });
  const copy = (digest: Digest, change: Partial<CopyRequest> = {}): Promise<void> =>
    copyGraph({
      source,
      repository: 'app',
      digest,
      target,
      targetRepository: 'app',
      changeFor: async () => ({ origin: 'parent' }),
      chunkBytes,
      transfersMax: 2,
      ...change,
    });
  const holds = async (digest: Digest): Promise<boolean> =>
    (await target.manifest(app, { digest })) !== undefined;

  test('stores blobs and then the manifest, and counts their bytes', async () => {
    const image = buildImage('one', [2500, 10]);
    let missing = 0;
    let arrived = 0;
    await copy(source.add(image), {
      onMissing: (bytes) => (missing += bytes),
      onBytes: (bytes) => (arrived += bytes),
    });
    assert.ok(await holds(image.digest));
    const total = image.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0);
    assert.deepEqual({ missing, arrived }, { missing: total, arrived: total });
  });

  test('knows all that an image needs before the first of it arrived, and each blob once', async () => {
    const image = buildImage('many', [2500, 3000, 10]);
    const total = image.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0);
    let missing = 0;
    let known: number | undefined;
    const watch = {
      transfersMax: 1,
      onMissing: (bytes: number) => (missing += bytes),
      onBytes: () => (known ??= missing),
    };
    const digest = source.add(image);
    await Promise.all([copy(digest, watch), copy(digest, watch)]);
    assert.deepEqual({ known, missing }, { known: total, missing: total });
  });

  test('fetches a large blob in ranges and a small one whole', async () => {
    const image = buildImage('ranges', [2500, 1000]);
    await copy(source.add(image));
    assert.deepEqual(source.askedFor(image.blobs[1]!.digest), ['0-1000', '1000-1000', '2000-500']);
    assert.deepEqual(source.askedFor(image.blobs[2]!.digest), ['0-']);
  });

  test('does nothing for what is there', async () => {
    const digest = source.add(buildImage('twice'));
    await copy(digest);
    const head = target.feed.head();
    const asked = source.asked.length;
    await copy(digest);
    assert.equal(source.asked.length, asked);
    assert.equal(target.feed.head(), head);
  });

  test('links what another repository holds and fetches no byte of it', async () => {
    const digest = source.add(buildImage('shared', [5000]));
    await copy(digest);
    source.asked.length = 0;
    await copy(digest, { targetRepository: 'tools/app' });
    assert.deepEqual(source.asked, [`head ${digest}`]);
    assert.ok(await target.manifest(parseRepositoryName('tools/app'), { digest }));
  });

  test('asks a source that refuses to say what it shows', async () => {
    const digest = source.add(buildImage('locked'));
    await copy(digest);
    source.asked.length = 0;
    source.headManifest = async () => {
      throw new RemoteError('refused', 'HEAD was answered 405');
    };
    source.manifests.delete(digest);
    const copying = copy(digest, { targetRepository: 'tools/app' });
    await assert.rejects(copying, (error) => isRemoteError(error, 'not-found'));
    assert.deepEqual(source.asked, [`manifest ${digest}`]);
  });

  test('fetches a blob once for two copies at the same time', async () => {
    const digest = source.add(buildImage('race', [3000]));
    await Promise.all([copy(digest), copy(digest, { targetRepository: 'tools/app' })]);
    assert.equal(source.askedFor(buildImage('race', [3000]).blobs[1]!.digest).length, 3);
  });

  test('goes on at the byte where it was cut', async () => {
    const image = buildImage('cut', [5000]);
    const layer = image.blobs[1]!.digest;
    const digest = source.add(image);
    source.onPiece = (blob, position) => {
      if (blob === layer && position === 2300) throw new RemoteError('unreachable', 'the link was cut');
    };
    await assert.rejects(copy(digest), (error) => isRemoteError(error, 'unreachable'));
    assert.ok(!(await holds(digest)));
    await target.close();
    target = await openContent({ folder, clock: systemClock });
    source.onPiece = () => undefined;
    source.asked.length = 0;
    let missing = 0;
    await copy(digest, { onMissing: (bytes) => (missing += bytes) });
    assert.deepEqual(source.askedFor(layer), ['2300-1000', '3300-1000', '4300-700']);
    assert.equal(missing, 2700);
    assert.ok(await holds(digest));
  });

  test('fetches nothing again of a blob that a crash left in its place and nobody knew of, and looks at all of it', async () => {
    const image = buildImage('moved', [5000, 3000]);
    const layers = image.blobs.slice(1).map(({ digest }) => digest);
    const digest = source.add(image);
    const blobs = await openDiskBlobs(join(folder, 'blobs'));
    for (const blob of image.blobs.slice(1)) {
      const arrived = await blobs.unfinished('incoming-of-before');
      await arrived.append(flowOf(Readable.from([blob.bytes])));
      await arrived.commit(blob.digest);
    }
    await blobs.close();
    const rotten = digestHex(layers[1]!);
    await writeFile(join(folder, 'blobs', 'sha256', rotten.slice(0, 2), rotten), Buffer.alloc(3000));
    await copy(digest);
    assert.deepEqual(source.askedFor(layers[0]!), []);
    assert.deepEqual(source.askedFor(layers[1]!), ['0-1000', '1000-1000', '2000-1000']);
    assert.ok(await holds(digest));
    assert.deepEqual(await readdir(join(folder, 'blobs', 'unfinished')), []);
  });

  test('goes on where it was stopped by its caller', async () => {
    const image = buildImage('stopped', [3000]);
    const layer = image.blobs[1]!.digest;
    const digest = source.add(image);
    const stop = new AbortController();
    source.onPiece = (blob, position) => {
      if (blob !== layer || position !== 1500) return;
      stop.abort(new Error('window closed'));
      stop.signal.throwIfAborted();
    };
    await assert.rejects(copy(digest, { signal: stop.signal }), /window closed/);
    source.onPiece = () => undefined;
    source.asked.length = 0;
    await copy(digest);
    assert.deepEqual(source.askedFor(layer), ['1500-1000', '2500-500']);
  });

  test('begins again when what was left behind is not the blob', async () => {
    const image = buildImage('rotten', [1500]);
    const layer = image.blobs[1]!.digest;
    const incoming = await target.incomingBlob(layer);
    await incoming.append(flowOf(Readable.from([Buffer.alloc(700)])));
    await incoming.release();
    await copy(source.add(image));
    assert.deepEqual(source.askedFor(layer), ['700-800', '0-1000', '1000-500']);
  });

  test('refuses a blob with another digest and stores no manifest', async () => {
    const image = buildImage('forged');
    const digest = source.add(image);
    source.blobs.set(image.blobs[1]!.digest, Buffer.alloc(1000));
    await assert.rejects(
      copy(digest),
      (error) => isRemoteError(error, 'malformed') && /does not have that digest/.test(error.message),
    );
    assert.ok(!(await holds(digest)));
  });

  test('refuses a blob that ends early', async () => {
    const image = buildImage('short');
    const digest = source.add(image);
    source.blobs.set(image.blobs[1]!.digest, image.blobs[1]!.bytes.subarray(0, 600));
    await assert.rejects(copy(digest), (error) => isRemoteError(error, 'malformed'));
    assert.ok(!(await holds(digest)));
  });

  test('brings an index with all its manifests, the manifests first', async () => {
    const images = [buildImage('amd64'), buildImage('arm64')];
    const index = source.addIndex(...images.map((image) => source.add(image)));
    await copy(index);
    const { events } = await target.feed.read({ after: 0, limit: 10 });
    assert.deepEqual(
      events.map(({ digest }) => digest),
      [...images.map(({ digest }) => digest), index],
    );
  });

  test('brings a sparse index with what there is', async () => {
    const image = buildImage('amd64');
    const index = source.addIndex(source.add(image), digestOf('not at the source'));
    await copy(index);
    assert.ok(await holds(index));
    assert.ok(await holds(image.digest));
  });

  test('brings what the source need not hold, where it does: layers with urls, and the blobs of a BuildKit cache', async () => {
    const [config, held, absent] = ['{}', 'a layer from elsewhere', 'another'].map((text) =>
      Buffer.from(text),
    );
    for (const bytes of [config!, held!]) source.blobs.set(digestOf(bytes), bytes);
    const layer = (bytes: Buffer): object => {
      const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
      const urls = ['https://layers.invalid/'];
      return { mediaType, digest: digestOf(bytes), size: bytes.length, urls };
    };
    const image = {
      schemaVersion: 2,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config!), size: 2 },
      layers: [layer(held!), layer(absent!)],
    };
    const index = { schemaVersion: 2, manifests: image.layers };
    for (const [manifest, mediaType] of [
      [image, mediaTypes.ociManifest],
      [index, mediaTypes.ociIndex],
    ] as const) {
      const digest = source.addManifest(Buffer.from(JSON.stringify(manifest)), mediaType);
      const repository = `copied-${mediaType.includes('index') ? 'index' : 'image'}`;
      let left = 0;
      await copy(digest, {
        targetRepository: repository,
        onMissing: (bytes) => (left += bytes),
        onBytes: (bytes) => (left -= bytes),
      });
      const name = parseRepositoryName(repository);
      assert.ok(await target.manifest(name, { digest }));
      assert.equal(await target.blobSize(name, digestOf(held!)), held!.length);
      assert.equal(await target.blobSize(name, digestOf(absent!)), undefined);
      assert.equal(left, 0);
    }
  });

  test('refuses indexes that are nested too deep', async () => {
    let index = source.add(buildImage('deep'));
    for (let depth = 0; depth < 20; depth++) index = source.addIndex(index);
    await assert.rejects(copy(index), /nested deeper than 16/);
  });

  test('leaves away what is not wanted any more, with its blobs: before they come, and when they have come', async () => {
    const image = buildImage('unwanted');
    source.add(image);
    const layer = image.blobs[0]!.digest;
    await copy(image.digest, { changeFor: async () => undefined });
    assert.equal(await target.blobSize(app, layer), undefined);
    const changes = [{ origin: 'parent' as const }, undefined];
    await copy(image.digest, { changeFor: async () => changes.shift() });
    assert.notEqual(await target.blobSize(app, layer), undefined);
    assert.ok(!(await holds(image.digest)));
  });
  test('fails as not-found when the source has no such manifest', async () => {
    await assert.rejects(copy(digestOf('nothing')), (error) => isRemoteError(error, 'not-found'));
  });

  test('copies an empty layer without asking for it', async () => {
    const image = buildImage('empty', [0]);
    await copy(source.add(image));
    assert.ok(await holds(image.digest));
    assert.deepEqual(source.askedFor(image.blobs[1]!.digest), []);
  });
});
