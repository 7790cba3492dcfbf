// What must be done here so that this registry holds what the parent tells: pure functions from the parent's words and
// the local state to ordered steps. Images first, each with the tags that follow it; what goes away goes last.
//
// Two rules keep both sides' changes from being lost. A local change that has not gone up yet wins over what the parent
// tells of the same tag: it will arrive there later, and the order of arrival at the cloud decides. And an event that
// is the echo of this node's own push is passed over when this node has moved the tag on since, or deleted the image, for the echo
// of that follows.
import { lastWords } from '../gateway/last-words.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { nameIn } from './name-in.ts';

export interface ImageStep {
  repository: RepositoryName;
  digest: Digest;
  /** False: it is stored and only tags move. */
  copy: boolean;
  /** Set once the image is whole. */
  tags: Tag[];
  /** Of the manifest; what it needs is known when it is read. */
  bytes: number;
}

/** When tags were moved where they were moved first, by nameIn; those that are not in it are moved now. */
export type TagTimes = Map<string, Date>;

/** Where a plan stands between what both sides do meanwhile. */
export interface PlanTimes {
  movedAt: TagTimes;
  /** See Plan. */
  knownTo: number;
}

export type RemovalStep =
  | { kind: 'untag'; repository: RepositoryName; tag: Tag }
  | { kind: 'delete'; repository: RepositoryName; digest: Digest }
  | { kind: 'delete-repository'; repository: RepositoryName };

/** Both sides moved the tag while apart; ours goes up last, or has gone up last, and wins. */
export interface Conflict {
  repository: RepositoryName;
  tag: Tag;
  ours: Digest | undefined;
  theirs: Digest;
}

export interface Plan {
  images: ImageStep[];
  removals: RemovalStep[];
  conflicts: Conflict[];
  /** Tags that others changed last, knowing what this node had told: earlier conflicts of theirs are over. */
  decided: { repository: RepositoryName; tag: Tag }[];
  /** Of the local feed. What clients deleted later is not brought back. */
  knownTo: number;
}

export const emptyPlan = (knownTo: number): Plan => {
  return { images: [], removals: [], conflicts: [], decided: [], knownTo };
};

/** What is here already, of the names that the parent's words touch. */
export interface LocalView {
  /** The last row of the local feed that was known before anything was looked up. */
  knownTo: number;
  has(repository: RepositoryName, digest: Digest): boolean;
  tag(repository: RepositoryName, tag: Tag): Digest | undefined;
  pendingTag(repository: RepositoryName, tag: Tag): { digest: Digest | undefined } | undefined;
  pendingManifest(repository: RepositoryName, digest: Digest): boolean;
  pendingDeletion(repository: RepositoryName, digest: Digest): boolean;
  lastPushed(repository: RepositoryName, tag: Tag): Digest | undefined;
  /** What the parent tells of it came before a change of this node's, which it will tell of later. */
  awaitsEcho(repository: RepositoryName, name: Tag | Digest): boolean;
  untoldTag(repository: RepositoryName, tag: Tag): { digest: Digest | undefined } | undefined;
  /** It was deleted here, and the parent is still to hear of that, or to tell of it: its words came before. */
  deletedHere(repository: RepositoryName, digest: Digest): boolean;
}

/** A manifest with the tags that the parent has on it; `size` in bytes. Parsed from an event or a listing entry. */
export interface Listed {
  repository: RepositoryName;
  digest: Digest;
  size: number;
  tags: readonly Tag[];
}

/** @param ownName the connected registry's name: events with that origin are echoes */
export function planEvents(events: readonly WireEvent[], local: LocalView, ownName: string): Plan {
  const { tags, manifests } = lastWords(events, ownName);
  const steps = createSteps(local);
  const isHereOrGone = (repository: RepositoryName, digest: Digest): boolean =>
    local.has(repository, digest) || local.deletedHere(repository, digest);
  for (const { repository, digest, size, deleted, subject } of manifests) {
    if (deleted || subject !== undefined || isHereOrGone(repository, digest)) continue;
    steps.image(repository, digest, size);
  }
  for (const last of tags) {
    const { repository, tag, digest, size, own, overruled } = last;
    if (overruled !== undefined) steps.conflict({ repository, tag, ours: digest, theirs: overruled });
    const deleted = digest !== undefined && local.deletedHere(repository, digest);
    const overtaken = own && (deleted || isOvertaken(local.lastPushed(repository, tag), digest));
    if (overtaken) continue;
    if (digest !== undefined) steps.tag(repository, tag, digest, size, own);
    else steps.untag(repository, tag);
    if (!own) steps.decided(repository, tag);
  }
  for (const { repository, digest, size, deleted, subject } of manifests) {
    if (deleted || subject === undefined || isHereOrGone(repository, digest)) continue;
    if (local.has(repository, subject) || steps.copies(repository, subject)) {
      steps.image(repository, digest, size);
    }
  }
  for (const { repository, digest, deleted } of manifests) {
    if (deleted) steps.delete(repository, digest);
  }
  return steps.plan;
}

function isOvertaken(lastPushed: Digest | undefined, echoed: Digest | undefined): boolean {
  return lastPushed !== undefined && lastPushed !== echoed;
}

/**
 * A page of the parent's full listing: everything on it should be here that was not deleted here since. What is not listed is
 * `planRemovals`' matter.
 */
export function planListing(listing: readonly Listed[], local: LocalView): Plan {
  const steps = createSteps(local);
  for (const { repository, digest, size, tags } of listing) {
    const isHereOrGone = local.has(repository, digest) || local.pendingDeletion(repository, digest);
    if (!isHereOrGone) steps.image(repository, digest, size);
    for (const tag of tags) steps.tag(repository, tag, digest, size, false);
  }
  return steps.plan;
}

/**
 * What is stored of one repository and not in the parent's full listing of it. Tags go first: one may be on an index that lists what
 * goes.
 * @param stored the repository as it is here; a Listed per manifest
 */
export function planRemovals(
  stored: readonly Listed[],
  listed: { digests: ReadonlySet<Digest>; tags: ReadonlySet<Tag> },
  local: LocalView,
): RemovalStep[] {
  const steps = createSteps(local);
  for (const { repository, digest, tags } of stored) {
    const stays = listed.digests.has(digest);
    for (const tag of tags) if (!stays || !listed.tags.has(tag)) steps.untag(repository, tag);
  }
  for (const { repository, digest } of stored) {
    if (!listed.digests.has(digest)) steps.delete(repository, digest);
  }
  return steps.plan.removals;
}

/** Collects steps that change something and that no pending local change forbids. */
function createSteps(local: LocalView) {
  const images = new Map<string, ImageStep>();
  const plan = emptyPlan(local.knownTo);
  const conflict = (found: Conflict): void => void plan.conflicts.push(found);
  /** A change of this node's that the parent had not heard of when it told of another. */
  const unheard = (repository: RepositoryName, tag: Tag) =>
    local.pendingTag(repository, tag) ?? local.untoldTag(repository, tag);
  const isOlder = (repository: RepositoryName, tag: Tag): boolean =>
    local.pendingTag(repository, tag) !== undefined || local.awaitsEcho(repository, tag);
  const image = (repository: RepositoryName, digest: Digest, bytes: number): ImageStep => {
    const key = nameIn(repository, digest);
    const known = images.get(key);
    if (known) return known;
    const step = { repository, digest, copy: !local.has(repository, digest), tags: [], bytes };
    images.set(key, step);
    plan.images.push(step);
    return step;
  };
  return {
    plan,
    image,
    copies: (repository: RepositoryName, digest: Digest): boolean => images.has(nameIn(repository, digest)),
    conflict,
    decided(repository: RepositoryName, tag: Tag): void {
      if (!unheard(repository, tag)) plan.decided.push({ repository, tag });
    },
    tag(repository: RepositoryName, tag: Tag, digest: Digest, bytes: number, own: boolean): void {
      const ours = unheard(repository, tag);
      if (!own && ours && ours.digest !== digest) {
        conflict({ repository, tag, ours: ours.digest, theirs: digest });
      }
      if (isOlder(repository, tag)) return;
      if (local.tag(repository, tag) !== digest) image(repository, digest, bytes).tags.push(tag);
    },
    untag(repository: RepositoryName, tag: Tag): void {
      if (isOlder(repository, tag) || local.tag(repository, tag) === undefined) return;
      plan.removals.push({ kind: 'untag', repository, tag });
    },
    delete(repository: RepositoryName, digest: Digest): void {
      const waits = local.pendingManifest(repository, digest) || local.awaitsEcho(repository, digest);
      if (waits || !local.has(repository, digest)) return;
      plan.removals.push({ kind: 'delete', repository, digest });
    },
  };
}
