// Fetches again, from the parent, what scrub found damaged here. What the parent does not have, or does not let anybody read,
// stays damaged and is told by name: it is asked for again later, and somebody who pushes it again mends it at once.
import type { DamagedContent } from '../content/scrub/damage.ts';
import { copyGraph } from '../remote/copy.ts';
import { copyBlob } from '../remote/copy-blob.ts';
import { isLockedThere, isRemoteError } from '../remote/errors.ts';
import { wantedChildren } from '../selection/filter.ts';
import type { SyncContext } from './context.ts';
import { fromParent } from './from-parent.ts';

/** Looked at in one go; the next go takes what is left. */
const damagedMax = 100;
const absences = ['not-found', 'denied', 'malformed'] as const;

type DamagedBlob = DamagedContent['blobs'][number];
type DamagedManifest = DamagedContent['manifests'][number];

/** @returns the call that tries all once. @throws RemoteError when the parent is out of reach or refuses */
export function createRepair(context: SyncContext): (signal: AbortSignal) => Promise<void> {
  const { content, logger, status } = context;
  let told = new Set<string>();

  const attempt = async (what: string, copy: () => Promise<boolean>): Promise<void> => {
    const key = `damaged ${what}`;
    if (await copy()) {
      status.clear(key);
      logger.info({ what }, 'fetched again from the parent: it was damaged here');
      return;
    }
    const description =
      `${what} is damaged on this node's disk and cannot be had from its parent now. It is not served; ` +
      'push it again to mend it. Look at the disk: it forgets what it was given.';
    if (status.raise(key, { type: 'Content', code: 'DamagedContent', description })) logger.warn(description);
  };

  return async (signal) => {
    const { blobs: all, manifests } = await content.damage(damagedMax);
    // What no repository shows is left to garbage collection.
    const blobs = all.filter(({ repositories }) => repositories.length > 0);
    const keys = [
      ...blobs.map(({ digest }) => digest),
      ...manifests.map(({ repository, digest }) => `${repository}@${digest}`),
    ].map((what) => `damaged ${what}`);
    for (const key of told.difference(new Set(keys))) status.clear(key);
    told = new Set(keys);
    for (const blob of blobs) await attempt(blob.digest, () => fetchBlob(context, blob, signal));
    for (const manifest of manifests) {
      const what = `${manifest.repository}@${manifest.digest}`;
      await attempt(what, () => fetchManifest(context, manifest, signal));
    }
  };
}

/** False when the parent shows the blob in none of the repositories that show it here. */
async function fetchBlob(
  context: SyncContext,
  { digest, size, repositories }: DamagedBlob,
  signal: AbortSignal,
): Promise<boolean> {
  for (const repository of repositories) {
    const { parent: source, content: target, chunkBytes, transfersMax, traffic } = context;
    const request = { source, repository, target, chunkBytes, transfersMax, traffic, signal };
    if (await found(copyBlob(request, repository, { digest, size }))) return true;
  }
  return false;
}

function fetchManifest(
  { parent: source, content: target, directory, chunkBytes, transfersMax, traffic }: SyncContext,
  { repository, digest }: DamagedManifest,
  signal: AbortSignal,
): Promise<boolean> {
  const targets = { target, targetRepository: repository, changeFor: async () => fromParent };
  const childrenOf = wantedChildren(directory.configuration?.syncFilter, repository);
  return found(
    copyGraph({
      source,
      repository,
      digest,
      ...targets,
      childrenOf,
      chunkBytes,
      transfersMax,
      traffic,
      signal,
    }),
  );
}

/** What this node may not read at the parent, what nobody may read there now, or what is damaged there too, is as good as not there. */
async function found(copying: Promise<void>): Promise<boolean> {
  try {
    await copying;
    return true;
  } catch (error) {
    if (absences.some((kind) => isRemoteError(error, kind)) || isLockedThere(error)) return false;
    throw error;
  }
}
