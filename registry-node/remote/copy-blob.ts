// Fetches one blob of another registry, in ranges of which each is durable before the next begins: a cut costs one at most. Nothing
// is shown before its digest is verified.
import type { UnfinishedBlob } from '../blobs/blob-store.ts';
import type { Flow } from '../blobs/flow.ts';
import type { Content } from '../content/content.ts';
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import type { Descriptor } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import { RemoteError } from './errors.ts';
import type { RemoteRegistry } from './open.ts';
import type { Traffic } from './traffic.ts';
import { transfersInto } from './transfers.ts';

export interface CopyBlobRequest {
  source: Pick<RemoteRegistry, 'endpoint' | 'openBlob'>;
  /** At the source. */
  repository: string;
  target: Content;
  /** A blob above this is fetched in ranges of it. */
  chunkBytes: number;
  /** Blobs in transfer into `target` at once, those of other copies included. */
  transfersMax: number;
  signal?: AbortSignal | undefined;
  traffic?: Traffic | undefined;
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

/** Fetches one blob unless the target holds it. @throws RemoteError not-found, and others; OciError INSUFFICIENT_STORAGE */
export async function copyBlob(
  request: CopyBlobRequest,
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

interface WantedBlob extends Pick<Descriptor, 'digest' | 'size'> {
  /** Whether the target has it by now: a client may push it meanwhile. */
  here: () => Promise<boolean>;
}

async function fetchBlob(
  request: CopyBlobRequest,
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
  request: CopyBlobRequest,
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
