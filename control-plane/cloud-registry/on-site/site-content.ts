// What of a cloud registry is on a site, computed here: the node tells how far in the feed it is (docs/sync-protocol.md, "What
// is on site"), and all that came before is there. Nothing is asked of the site, so it is known while the link is cut, too.
import type { Content } from '../../../registry-node/content/content.ts';
import { isLocked } from '../../../registry-node/content/attributes.ts';
import type { TagFacts } from '../../../registry-node/content/metadata.ts';
import type { Digest } from '../../../registry-node/oci/digest.ts';
import type { RepositoryName } from '../../../registry-node/oci/name.ts';
import { wantsTag } from '../../../registry-node/selection/filter.ts';
import { select, type Selection } from '../../../registry-node/selection/select.ts';
import { bytesBelow, bytesByRepository, type Needed, neededFor, readManifest } from './needed.ts';
import type { Reach } from './reach.ts';
import { readUnapplied, type Removal, type Unapplied } from './unapplied.ts';

/**
 * `Different`: the tag is another image there. `Locked`: it may not be read here, and so is not copied.
 * `Filtered`: the filter of the connected registry, or of one above it, does not select it. `Unknown`: a full sync
 * has to tell first; bytes are then those of everything.
 */
export type SiteState = 'OnSite' | 'Missing' | 'Different' | 'Locked' | 'Filtered' | 'Unknown';

export interface SiteTag {
  name: string;
  digest: Digest;
  state: SiteState;
  /** What is still to be copied for it, were it alone: several tags may wait for one blob. */
  bytesLeft: number;
}

export interface SiteRepository {
  name: RepositoryName;
  /** By name. */
  tags: SiteTag[];
  manifests: number;
  /** Of these, how many are not known to be there. */
  manifestsLeft: number;
  /** What is still to be copied, each blob counted once in the whole registry, where it is needed first. */
  bytesLeft: number;
  /** The one that was asked for, when the registry has it. */
  manifest?: SiteManifest | undefined;
}

/** Never `Different`. */
export type SiteManifest = Omit<SiteTag, 'name'>;

export interface SiteContent {
  known: boolean;
  repositories: SiteRepository[];
  removals: Removal[];
}

export interface SiteQuestion {
  /** The connected registry's name. */
  name: string;
  content: Content;
  reach: Reach;
  /** What the node says its disk has lost. */
  damaged: ReadonlySet<string>;
  /** Only this repository is told of, and counted. */
  repository?: string | undefined;
  /** Of this manifest it is told, too, whether it is there: it may have no tag. */
  digest?: Digest | undefined;
}

const entriesPerRead = 500;

interface Known {
  digests: ReadonlySet<Digest>;
  /** Not known to be whole on site, or the index above them is not. */
  left: ReadonlySet<Digest>;
  /** Undefined: the repository comes whole. */
  selection: Selection | undefined;
}

export async function readSiteContent(question: SiteQuestion): Promise<SiteContent> {
  const { content, reach, name } = question;
  const { cursor } = reach;
  const known = cursor !== undefined;
  const unapplied = known ? await readUnapplied(content.feed, cursor, reach, name) : undefined;
  const wanted = (repository: RepositoryName): boolean =>
    reach.receives(repository) && (question.repository ?? repository) === repository;
  const found: { name: RepositoryName; manifests: Known }[] = [];
  for await (const repository of repositoriesOf(content)) {
    if (!wanted(repository)) continue;
    found.push({ name: repository, manifests: await manifestsOf(question, repository, unapplied) });
  }
  const needed = await neededFor(content, found, async (repository) =>
    unapplied && reach.receives(repository) ? manifestsOf(question, repository, unapplied) : undefined,
  );
  const bytes = bytesByRepository(needed);
  const repositories: SiteRepository[] = [];
  for (const { name: repository, manifests } of found) {
    repositories.push({
      name: repository,
      tags: await tagsOf(question, repository, manifests, unapplied, needed),
      manifests: manifests.digests.size,
      manifestsLeft: manifests.left.size,
      bytesLeft: bytes.get(repository) ?? 0,
      manifest: await manifestOf(question, repository, manifests, needed),
    });
  }
  const removals = (unapplied?.removals ?? []).filter(
    ({ repository, tag }) =>
      wanted(repository) && reach.rules(repository).every((rule) => tag === undefined || wantsTag(rule, tag)),
  );
  return { known, repositories, removals };
}

async function* repositoriesOf(content: Content): AsyncGenerator<RepositoryName> {
  let last: RepositoryName | undefined;
  for (;;) {
    const page = await content.repositories({ last, n: entriesPerRead });
    yield* page;
    last = page.at(-1);
    if (page.length < entriesPerRead) return;
  }
}

/** An image is on site with all that it names: an index without one of its children is not. */
async function manifestsOf(
  { content, damaged, reach }: SiteQuestion,
  repository: RepositoryName,
  unapplied: Unapplied | undefined,
): Promise<Known> {
  const rules = reach.rules(repository);
  const selection = rules.length === 0 ? undefined : await select(content, repository, rules);
  const digests = new Set<Digest>();
  for (let last: Digest | undefined; ;) {
    const page = await content.manifests(repository, { last, n: entriesPerRead });
    for (const { digest } of page) if (selection?.manifests.has(digest) ?? true) digests.add(digest);
    last = page.at(-1)?.digest;
    if (page.length < entriesPerRead) break;
  }
  const left = new Set(
    [...digests].filter(
      (digest) => !unapplied || unapplied.pushed(repository, digest) || damaged.has(digest),
    ),
  );
  if (left.size > 0 || damaged.size > 0) await spread(content, repository, { digests, left }, damaged);
  return { digests, left, selection };
}

/** Adds to `left` what lost a blob, and then whatever names something that is left. */
async function spread(
  content: Content,
  repository: RepositoryName,
  { digests, left }: { digests: ReadonlySet<Digest>; left: Set<Digest> },
  damaged: ReadonlySet<string>,
): Promise<void> {
  const parents = new Map<Digest, Digest[]>();
  for (const digest of digests) {
    const manifest = await readManifest(content, repository, digest);
    if (manifest?.blobs.some((blob) => damaged.has(blob.digest))) left.add(digest);
    for (const child of manifest?.manifests ?? []) {
      parents.set(child.digest, [...(parents.get(child.digest) ?? []), digest]);
    }
  }
  // A set is walked with what is added to it on the way.
  for (const digest of left) for (const parent of parents.get(digest) ?? []) left.add(parent);
}

async function tagsOf(
  question: SiteQuestion,
  repository: RepositoryName,
  manifests: Known,
  unapplied: Unapplied | undefined,
  needed: Needed,
): Promise<SiteTag[]> {
  const tags: SiteTag[] = [];
  const { content } = question;
  for (let last: TagFacts['name'] | undefined; ;) {
    const page = await content.metadata.tags(repository, { order: 'name', last, n: entriesPerRead });
    for (const tag of page) {
      const { name, digest } = tag;
      const state = stateOf(question, repository, tag, manifests, unapplied);
      tags.push({ name, digest, state, bytesLeft: bytesBelow(needed, repository, digest) });
    }
    last = page.at(-1)?.name;
    if (page.length < entriesPerRead) return tags;
  }
}

async function manifestOf(
  question: SiteQuestion,
  repository: RepositoryName,
  manifests: Known,
  needed: Needed,
): Promise<SiteManifest | undefined> {
  const { content, digest } = question;
  if (digest === undefined || !(await content.manifest(repository, { digest }))) return undefined;
  const state = manifestState(question, repository, digest, manifests);
  return { digest, state, bytesLeft: bytesBelow(needed, repository, digest) };
}

function manifestState(
  { content, reach }: SiteQuestion,
  repository: RepositoryName,
  digest: Digest,
  { digests, left, selection }: Known,
): SiteState {
  if (isUnreadable(content, repository, digest)) return 'Locked';
  if (selection && !digests.has(digest)) return 'Filtered';
  if (reach.cursor === undefined) return 'Unknown';
  return left.has(digest) ? 'Missing' : 'OnSite';
}

function isUnreadable({ locks }: Content, repository: RepositoryName, digest: Digest): boolean {
  const locked = [locks.repository(repository), locks.manifest(repository, digest)];
  return locked.some((each) => isLocked(each, 'readEnabled'));
}

function stateOf(
  { content }: SiteQuestion,
  repository: RepositoryName,
  { name, digest, createdAt }: TagFacts,
  { left, selection }: Known,
  unapplied: Unapplied | undefined,
): SiteState {
  if (isUnreadable(content, repository, digest)) return 'Locked';
  if (selection && !selection.tags.has(name)) return 'Filtered';
  if (!unapplied) return 'Unknown';
  const changedAt = unapplied.tagChangedAt(repository, name);
  // It was there before the node fell behind, and so it is there as it was then.
  if (changedAt && createdAt < changedAt) return 'Different';
  return changedAt || left.has(digest) ? 'Missing' : 'OnSite';
}
