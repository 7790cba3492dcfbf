// One import (Azure REST API, Registries - Import Image): copies a manifest and all it needs into a registry, then
// points the tags at it. Nothing is copied when a tag that must not move exists already.
import type { Content } from '../../../registry-node/content/content.ts';
import { obeyLocks } from '../../../registry-node/content/locks.ts';
import type { Digest } from '../../../registry-node/oci/digest.ts';
import { type ImageReference, parseImageReference, parseTag } from '../../../registry-node/oci/reference.ts';
import { copyGraph } from '../../../registry-node/remote/copy.ts';
import { ArmError } from '../../arm/errors.ts';
import type { ResourceKey } from '../../arm/resource-id.ts';
import type { ImportSource } from './source.ts';

/** What is kept of an import, so that a restart can take it up again. */
export interface ImportJob {
  /** The target, and its id as it is spelled. */
  registry: ResourceKey;
  registryId: string;
  source: { host: string } | { registry: ResourceKey };
  /** Credentials are not kept: without them a restart cannot go on. */
  hasCredentials: boolean;
  /** `repository`, `repository:tag` or `repository@digest`. */
  image: string;
  /** `repository[:tag]`. */
  targetTags: string[];
  untaggedTargetRepositories: string[];
  force: boolean;
}

const latest = parseTag('latest');
const chunkBytes = 16 * 1024 * 1024;
const transfersMax = 4;

/** @throws ArmError Conflict, ImportSourceNotFound; RemoteError; the reason of `signal` */
export async function runImport(
  job: ImportJob,
  { source, target, signal }: { source: ImportSource; target: Content; signal: AbortSignal },
): Promise<void> {
  const image = parseImageReference(job.image);
  const targets = targetsOf(job, image);
  if (!job.force) await refuseExistingTags(job, target, targets);
  const guarded = obeyLocks(target, { overwriteTags: job.force });
  const reference = image.reference ?? { tag: latest };
  const found = await source.manifest(image.repository, reference, signal);
  if (!found) throw new ArmError('ImportSourceNotFound', `${source.endpoint} has no image ${job.image}.`);
  await copyTo(targets, found.digest, {
    source,
    repository: image.repository,
    target: guarded,
    signal,
  });
}

function targetsOf(job: ImportJob, image: ImageReference): ImageReference[] {
  const asked = [...job.targetTags, ...job.untaggedTargetRepositories];
  const sourceTag = image.reference?.digest ? undefined : (image.reference ?? { tag: latest });
  if (asked.length === 0) return [{ repository: image.repository, reference: sourceTag }];
  return [
    ...job.targetTags.map((text) => {
      const { repository, reference } = parseImageReference(text);
      return { repository, reference: reference ?? sourceTag ?? { tag: latest } };
    }),
    ...job.untaggedTargetRepositories.map(parseImageReference),
  ];
}

async function refuseExistingTags(job: ImportJob, target: Content, targets: ImageReference[]): Promise<void> {
  for (const { repository, reference } of targets) {
    if (!reference?.tag || !(await target.manifest(repository, reference))) continue;
    throw new ArmError(
      'Conflict',
      `Resource ${job.registryId} Tag ${repository}:${reference.tag} already exists in target registry.`,
    );
  }
}

async function copyTo(
  targets: ImageReference[],
  digest: Digest,
  copy: { source: ImportSource; repository: string; target: Content; signal: AbortSignal },
): Promise<void> {
  const change = { origin: 'client' as const };
  for (const { repository, reference } of targets) {
    await copyGraph({ ...copy, digest, targetRepository: repository, change, chunkBytes, transfersMax });
    if (reference?.tag) await copy.target.tag(repository, reference.tag, digest, change);
  }
}
