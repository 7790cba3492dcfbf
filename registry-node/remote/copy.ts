// Copies a graph from another registry: the one verb of synchronising and of importing. Order of work: the manifests
// that an index lists, then blobs, then the manifest itself, so that whatever is visible is whole. What is stored anywhere in the target
// is linked and not fetched; what a cut left behind is continued at its byte; the caller tags afterwards.
import type { UnfinishedBlob } from '../blobs/blob-store.ts';
import type { Flow } from '../blobs/flow.ts';
import type { Change, Content } from '../content/content.ts';
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import { type Descriptor, parseManifest } from '../oci/manifest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { isLockedThere, isRemoteError, RemoteError } from './errors.ts';
import type { RemoteManifest } from './manifests.ts';
import type { RemoteRegistry } from './open.ts';
import { settleAll } from './settle-all.ts';
import type { Traffic } from './traffic.ts';
import { transfersInto } from './transfers.ts';

/** Without `headManifest` a manifest is read also when another repository of the target holds it. */
export interface CopySource extends Pick<RemoteRegistry, 'endpoint' | 'manifest' | 'openBlob'> {
  headManifest?: RemoteRegistry['headManifest'] | undefined;
}

export interface CopyRequest {
  source: CopySource;
  /** At the source. */
  repository: string;
  digest: Digest;
  target: Content;
  targetRepository: string;
  change: Change;
  /** A blob above this is fetched in ranges of it, each durable before the next begins. */
  chunkBytes: number;
  /** Blobs in transfer into `target` at once, those of other copies included. */
  transfersMax: number;
  signal?: AbortSignal | undefined;
  traffic?: Traffic | undefined;
  /** Which of the manifests that an index lists are wanted; absent: all. */
  childrenOf?: ((listed: Descriptor[]) => Descriptor[]) | undefined;
  /**
   * So many bytes more must be fetched, told as soon as a manifest says so; fewer, below 0, when an earlier copy left some of
   * them or they came from elsewhere.
   */
  onMissing?: ((bytes: number) => void) | undefined;
  /** So many bytes arrived. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** So many bytes of a blob are in the target now, those of earlier copies included. */
  onHeld?: ((digest: Digest, bytes: number) => void) | undefined;
}

/**
 * @throws RemoteError not-found when the source has no such manifest, and others; OciError INSUFFICIENT_STORAGE,
 *   MANIFEST_INVALID; the reason of `signal`
 */
export async function copyGraph(request: CopyRequest): Promise<void> {
  await copyManifest(request, parseRepositoryName(request.targetRepository), request.digest, 0);
}

async function copyManifest(
  request: CopyRequest,
  targetRepository: RepositoryName,
  digest: Digest,
  depth: number,
): Promise<void> {
  const { target, traffic, transfersMax, signal } = request;
  signal?.throwIfAborted();
  // Its graph came before it when it was stored, so there is nothing left to look for below it.
  if (await target.manifest(targetRepository, { digest })) return;
  if (depth > limits.indexDepthMax) {
    throw new OciError(
      'MANIFEST_INVALID',
      `indexes below ${request.digest} are nested deeper than ${limits.indexDepthMax}`,
    );
  }
  const found = await transfersInto(target).read(transfersMax, signal, () => findManifest(request, digest));
  if (!found.isHere) await traffic?.manifest('received', found.bytes.length, signal);
  const manifest = parseManifest(found.bytes, found.mediaType);
  const blobs = distinct(manifest.blobs);
  const children = request.childrenOf?.(manifest.manifests) ?? manifest.manifests;
  for (const child of children) await copyChild(request, targetRepository, child.digest, depth);
  await settleAll([
    ...blobs.map((blob) => copyBlob(request, targetRepository, blob)),
    ...distinct(manifest.optionalBlobs).map((blob) => copyIfThere(request, targetRepository, blob)),
  ]);
  await target.putManifest(
    { repository: targetRepository, bytes: found.bytes, mediaType: found.mediaType, digest },
    request.change,
  );
  const own = found.isHere ? [{ digest, size: found.bytes.length }] : [];
  traffic?.whole('received', [...own, ...blobs]);
}

interface FoundManifest extends Pick<RemoteManifest, 'bytes' | 'mediaType'> {
  /** Another repository of the target holds it, and the source has only said that it may be read there. */
  isHere: boolean;
}

async function findManifest(request: CopyRequest, digest: Digest): Promise<FoundManifest> {
  const { source, repository, target, signal } = request;
  const here = await target.manifestAnywhere(digest);
  if (here && (await isShown(request, digest))) return { ...here, isHere: true };
  const found = await source.manifest(repository, { digest }, signal);
  if (found) return { ...found, isHere: false };
  throw new RemoteError('not-found', `${source.endpoint}/${repository} has no manifest ${digest}`);
}

/** False too when it is refused: the answer to a HEAD has no body that could say why. */
async function isShown({ source, repository, signal }: CopyRequest, digest: Digest): Promise<boolean> {
  try {
    return (await source.headManifest?.(repository, { digest }, signal)) !== undefined;
  } catch (error) {
    if (isRemoteError(error, 'refused')) return false;
    throw error;
  }
}

/** An index may list manifests that its registry does not hold (distribution-spec, "sparse" indexes), or not give away. */
async function copyChild(
  request: CopyRequest,
  targetRepository: RepositoryName,
  digest: Digest,
  depth: number,
): Promise<void> {
  try {
    await copyManifest(request, targetRepository, digest, depth + 1);
  } catch (error) {
    if (!isRemoteError(error, 'not-found') && !isLockedThere(error)) throw error;
  }
}

/** Of a blob that the source need not hold. */
async function copyIfThere(
  request: CopyRequest,
  targetRepository: RepositoryName,
  blob: Descriptor,
): Promise<void> {
  let missing = 0;
  const onMissing = (bytes: number): void => {
    missing += bytes;
    request.onMissing?.(bytes);
  };
  try {
    await copyBlob({ ...request, onMissing }, targetRepository, blob);
  } catch (error) {
    if (!isRemoteError(error, 'not-found') && !isLockedThere(error)) throw error;
    request.onMissing?.(-missing);
  }
}

/** Fetches one blob unless the target holds it. @throws RemoteError not-found, and others; OciError INSUFFICIENT_STORAGE */
export async function copyBlob(
  request: Omit<CopyRequest, 'digest' | 'change' | 'targetRepository'>,
  targetRepository: RepositoryName,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
): Promise<void> {
  const { target, signal, transfersMax } = request;
  const here = async (): Promise<boolean> =>
    (await target.blobSize(targetRepository, digest)) !== undefined ||
    (await target.linkBlob(targetRepository, digest));
  if (await here()) {
    request.onHeld?.(digest, size);
    return;
  }
  const transfers = transfersInto(target);
  const isTold = !transfers.isUnderWay(digest);
  if (isTold) request.onMissing?.(size);
  await transfers.once(digest, transfersMax, signal, async () => {
    // Another copy was to fetch it, and failed.
    if (!isTold) request.onMissing?.(size);
    if (await here()) request.onMissing?.(-size);
    else await fetchBlob(request, targetRepository, { digest, size, here });
  });
  // Another copy may have fetched it, into another repository.
  if (!(await here())) throw new OciError('BLOB_UNKNOWN', `blob ${digest} was removed while it was copied`);
  request.onHeld?.(digest, size);
}

type BlobRequest = Parameters<typeof copyBlob>[0];

interface WantedBlob extends Pick<Descriptor, 'digest' | 'size'> {
  /** Whether the target has it by now: a client may push it meanwhile. */
  here: () => Promise<boolean>;
}

async function fetchBlob(
  request: BlobRequest,
  targetRepository: RepositoryName,
  wanted: WantedBlob,
): Promise<void> {
  const { digest, size } = wanted;
  const incoming = await request.target.incomingBlob(digest);
  const resumed = incoming.bytes > 0;
  try {
    request.onMissing?.(-Math.min(incoming.bytes, size));
    if (!(await fill(request, incoming, wanted))) {
      request.onMissing?.(incoming.bytes - size);
      return await incoming.discard();
    }
  } catch (error) {
    await incoming.release();
    throw error;
  }
  try {
    await request.target.commitBlob(targetRepository, incoming, digest);
  } catch (error) {
    const wrong = error instanceof OciError && error.code === 'DIGEST_INVALID';
    // What was left from before may be to blame; it is gone now, and one clean attempt decides.
    if (wrong && resumed) {
      request.onMissing?.(size);
      return fetchBlob(request, targetRepository, wanted);
    }
    if (!wrong) throw error;
    const where = `${request.source.endpoint}/${request.repository}`;
    throw new RemoteError('malformed', `the blob ${digest} from ${where} does not have that digest`, {
      cause: error,
    });
  }
}

/** @returns false when the blob came from elsewhere meanwhile */
async function fill(
  request: BlobRequest,
  incoming: UnfinishedBlob,
  { digest, size, here }: WantedBlob,
): Promise<boolean> {
  const { source, repository, chunkBytes, signal, traffic } = request;
  let held = incoming.bytes;
  const onBytes = (bytes: number): void => {
    held += bytes;
    request.onBytes?.(bytes);
    request.onHeld?.(digest, held);
  };
  request.onHeld?.(digest, held);
  for (let ranges = 0; incoming.bytes < size; ranges++) {
    if (ranges > 0 && (await here())) return false;
    const start = incoming.bytes;
    const whole = start === 0 && size <= chunkBytes;
    const range = whole ? undefined : { start, length: Math.min(chunkBytes, size - start) };
    const move = async (): Promise<void> => {
      const body = await source.openBlob(repository, digest, range, signal);
      const passing = traffic ? traffic.received(digest, body, signal) : body;
      await incoming.append(counted(passing, onBytes));
      if (!whole) await incoming.sync();
    };
    await (traffic ? traffic.chunk(signal, move) : move());
    if (incoming.bytes === start) {
      throw new RemoteError(
        'malformed',
        `${source.endpoint} sent nothing of ${digest} from byte ${start} on`,
      );
    }
  }
  return true;
}

function counted(flow: Flow, onBytes: (bytes: number) => void): Flow {
  return (take) =>
    flow((piece) => {
      const taking = take(piece);
      onBytes(piece.length);
      return taking;
    });
}

function distinct(blobs: readonly Descriptor[]): Descriptor[] {
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}
