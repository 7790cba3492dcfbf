// One import (Azure REST API, Registries - Import Image): copies a manifest, all it needs and what refers to it into a
// registry, then points the tags at it. Nothing is copied when a tag that must not move exists already.
import type { Content } from '../../../registry-node/content/content.ts';
import { obeyLocks } from '../../../registry-node/content/locks.ts';
import type { Digest } from '../../../registry-node/oci/digest.ts';
import { OciError } from '../../../registry-node/oci/errors.ts';
import type { RepositoryName } from '../../../registry-node/oci/name.ts';
import {
  type ImageReference,
  parseImageReference,
  parseTag,
  type Tag,
} from '../../../registry-node/oci/reference.ts';
import { copyGraph } from '../../../registry-node/remote/copy.ts';
import { ArmError } from '../../arm/errors.ts';
import type { ResourceKey } from '../../arm/resource-id.ts';
import { type ImportPlan, planImport } from './plan.ts';
import type { ImportProgress } from './progress.ts';
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
  /** What `image` was when the import began: attempts do not follow a tag that moves. */
  digest?: Digest | undefined;
  /** `repository[:tag]`. */
  targetTags: string[];
  untaggedTargetRepositories: string[];
  force: boolean;
}

export interface ImportRun {
  job: ImportJob;
  source: ImportSource;
  target: Content;
  signal: AbortSignal;
  progress: ImportProgress;
  /** Keeps the job with its digest. */
  keep: (job: ImportJob) => Promise<void>;
}

const latest = parseTag('latest');
const chunkBytes = 16 * 1024 * 1024;
const transfersMax = 4;

export interface StartedImport {
  /** Whether the source has answered with the image. */
  hasBegun(): boolean;
  /**
   * Goes on where the attempt before this stopped.
   * @throws ArmError Conflict, ImportSourceNotFound; RemoteError; OciError; the reason of `signal`
   */
  attempt: () => Promise<void>;
}

export function startImport(run: ImportRun): StartedImport {
  const { job, source, target, signal, progress } = run;
  const image = parseImageReference(job.image);
  const targets = targetsOf(job, image);
  let { digest } = job;
  let plan: ImportPlan | undefined;

  const find = async (): Promise<Digest> => {
    if (!job.force) await refuseExistingTags(job, target, targets);
    const found = await source.manifest(image.repository, image.reference ?? { tag: latest }, signal);
    if (!found)
      throw new ArmError(
        'ImportSourceNotFound',
        `Resource ${job.registryId} The source ${source.endpoint} has no image ${job.image}.`,
      );
    await run.keep({ ...job, digest: found.digest });
    return found.digest;
  };
  return {
    hasBegun: () => digest !== undefined,
    attempt: async () => {
      digest ??= await find();
      if (!plan) {
        plan = await planImport(source, image.repository, digest, signal);
        progress.expect(plan.blobs);
      }
      for (const each of targets) await copyTo(run, image.repository, plan, each);
      progress.complete();
    },
  };
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
    ...job.untaggedTargetRepositories.map((text) => ({
      repository: parseImageReference(text).repository,
      reference: undefined,
    })),
  ];
}

async function refuseExistingTags(job: ImportJob, target: Content, targets: ImageReference[]): Promise<void> {
  for (const { repository, reference } of targets) {
    if (!reference?.tag || !(await target.manifest(repository, reference))) continue;
    throw tagExists(job, repository, reference.tag);
  }
}

function tagExists({ registryId }: ImportJob, repository: string, tag: Tag): ArmError {
  return new ArmError(
    'Conflict',
    `Resource ${registryId} Tag ${repository}:${tag} already exists in target registry.`,
  );
}

const change = { origin: 'client' as const };

async function copyTo(
  run: ImportRun,
  repository: string,
  { roots }: ImportPlan,
  { repository: targetRepository, reference }: ImageReference,
): Promise<void> {
  const { job, source, target, signal, progress } = run;
  const guarded = obeyLocks(target, { overwriteTags: job.force });
  for (const digest of roots) {
    await copyGraph({
      source,
      repository,
      digest,
      target: guarded,
      targetRepository,
      changeFor: async () => change,
      chunkBytes,
      transfersMax,
      signal,
      onHeld: progress.held,
    });
  }
  if (reference?.tag) await setTag(job, guarded, targetRepository, reference.tag, roots[0]!);
}

/** Others may have set it since the import looked. @throws ArmError Conflict, unless it is forced */
async function setTag(
  job: ImportJob,
  target: Content,
  repository: RepositoryName,
  tag: Tag,
  digest: Digest,
): Promise<void> {
  const holds = (current: Digest | undefined): boolean => current === undefined || current === digest;
  const condition = job.force ? undefined : { reference: { tag }, holds };
  try {
    await target.tag(repository, tag, digest, { ...change, condition });
  } catch (error) {
    const isSet = error instanceof OciError && error.code === 'PRECONDITION_FAILED';
    throw isSet ? tagExists(job, repository, tag) : error;
  }
}
