// What a rule selects of a repository, read from the content that has it. Tags are rows and cheap; what they reach is read
// manifest by manifest, so it is kept until the content changes.
import { setImmediate as breathe } from 'node:timers/promises';
import { BoundedMap } from '../bounded-map.ts';
import type { Content } from '../content/content.ts';
import type { TagFacts } from '../content/metadata.ts';
import type { Digest } from '../oci/digest.ts';
import { parseManifest } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { type FilterRule, wantedOf, wantsTag } from './filter.ts';

export interface Selection {
  tags: ReadonlyMap<Tag, Digest>;
  /** All that the tags reach. */
  manifests: ReadonlySet<Digest>;
}

const tagsPerRead = 1000;
/** So that a large repository does not hold up everybody else. */
const manifestsPerTurn = 100;
/** Digests kept, of all repositories of one content together. */
const keptMax = 50_000;

interface Kept {
  changes: number;
  selection: Selection;
}
const keptOf = new WeakMap<Content, BoundedMap<Kept>>();

/** @param rules each of what those before it leave: of a node, and of the nodes between it and `content` */
export async function select(
  content: Content,
  repository: RepositoryName,
  rules: readonly FilterRule[],
): Promise<Selection> {
  const kept = keptOf.get(content) ?? new BoundedMap<Kept>({ weightMax: keptMax, weigh: weightOf });
  keptOf.set(content, kept);
  const key = `${repository} ${JSON.stringify(rules)}`;
  const changes = content.changes();
  const known = kept.get(key);
  if (known?.changes === changes) return known.selection;
  const tags = await selectTags(content, repository, rules);
  const selection = { tags, manifests: await reach(content, repository, rules, tags.values()) };
  kept.set(key, { changes, selection });
  return selection;
}

function weightOf({ selection: { tags, manifests } }: Kept): number {
  return tags.size + manifests.size + 1;
}

/** What an operator hid is in no list, and so in no selection. */
async function selectTags(
  { metadata }: Content,
  repository: RepositoryName,
  rules: readonly FilterRule[],
): Promise<Map<Tag, Digest>> {
  const left = rules.map(({ tags }) => tags?.newest ?? Infinity);
  const byTime = left.some((count) => count < Infinity);
  const selected = new Map<Tag, Digest>();
  /** Each rule counts what those before it let through. */
  const passes = (tag: Tag): boolean => rules.every((rule, at) => wantsTag(rule, tag) && left[at]!-- > 0);
  for (let last: TagFacts | undefined; ;) {
    const page = await metadata.tags(repository, {
      order: byTime ? 'timedesc' : 'name',
      last: last?.name,
      lastUpdatedAt: last?.updatedAt,
      n: tagsPerRead,
    });
    for (const { name, digest } of page) if (passes(name)) selected.set(name, digest);
    last = page.at(-1);
    if (page.length < tagsPerRead || left.some((count) => count <= 0)) return selected;
  }
}

/** The roots that are stored, the wanted platforms of indexes, and what refers to any of these. */
export async function reach(
  content: Content,
  repository: RepositoryName,
  rules: readonly FilterRule[],
  roots: Iterable<Digest>,
): Promise<Set<Digest>> {
  const asked = new Set(roots);
  const reached = new Set<Digest>();
  // A set is walked with what is added to it on the way.
  for (const digest of asked) {
    const stored = await content.manifest(repository, { digest });
    if (!stored) continue;
    reached.add(digest);
    if (reached.size % manifestsPerTurn === 0) await breathe();
    const { manifests } = parseManifest(stored.bytes, stored.mediaType);
    const wanted = rules.reduce((listed, rule) => wantedOf(rule, listed), manifests);
    for (const child of wanted) asked.add(child.digest);
    for (const referrer of await content.referrers(repository, digest)) asked.add(referrer.digest);
  }
  return reached;
}
