// Changes that clients (or children) made here and that have not gone up yet. Until they have, they win over what the
// parent tells of the same tag, and what they need is not deleted.
import type { Feed, FeedEvent } from '../content/feed.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import type { SyncState } from './state.ts';

export interface Pending {
  /** Reads what the feed has added; call it before asking. */
  refresh(): Promise<void>;
  /** The number of the feed's last row that was read: of later ones nothing here knows. */
  knownTo(): number;
  /** The digest that a pending change points the tag at; undefined inside when it takes the tag away. */
  tag(repository: RepositoryName, tag: Tag): { digest: Digest | undefined } | undefined;
  manifest(repository: RepositoryName, digest: Digest): boolean;
  /** Whether the repository has any pending change. */
  repository(repository: RepositoryName): boolean;
  /** The row has gone up. */
  settle(event: FeedEvent): void;
  /** What this node last moved the tag to at the parent, since it started. */
  lastPushed(repository: RepositoryName, tag: Tag): Digest | undefined;
}

export const isLocal = (event: FeedEvent): boolean => event.origin !== 'parent';

const rowsPerRead = 1000;
const lastPushedMax = 10_000;

export function createPending(feed: Feed, state: SyncState): Pending {
  const tags = new Map<string, { seq: number; digest: Digest | undefined }>();
  const manifests = new Map<string, number>();
  const repositories = new Map<string, number>();
  const pushed = new Map<string, Digest>();
  const { cursor, held } = state.value.push;
  let scanned = Math.min(cursor, ...Object.values(held).map((seq) => seq - 1));
  let reading: Promise<void> | undefined;

  const note = (event: FeedEvent): void => {
    const { seq, repository, digest, tag, action } = event;
    if (seq <= cursor && !(repository in held && seq >= held[repository]!)) return;
    repositories.set(repository, seq);
    if (tag !== undefined)
      tags.set(key(repository, tag), { seq, digest: action === 'tag' ? digest : undefined });
    if (action !== 'untag') manifests.set(key(repository, digest), seq);
  };
  const read = async (): Promise<void> => {
    while (scanned < feed.head()) {
      const page = await feed.read({ after: scanned, limit: rowsPerRead, accept: isLocal });
      page.events.forEach(note);
      scanned = page.scanned;
    }
  };

  return {
    refresh: () => (reading ??= read().finally(() => (reading = undefined))),
    knownTo: () => scanned,
    tag: (repository, tag) => tags.get(key(repository, tag)),
    manifest: (repository, digest) => manifests.has(key(repository, digest)),
    repository: (repository) => repositories.has(repository),
    settle({ seq, repository, digest, tag, action }) {
      if (tag !== undefined) {
        const name = key(repository, tag);
        if ((tags.get(name)?.seq ?? Infinity) <= seq) tags.delete(name);
        pushed.delete(name);
        if (action === 'tag') pushed.set(name, digest);
        if (pushed.size > lastPushedMax) pushed.delete(pushed.keys().next().value!);
      }
      if ((manifests.get(key(repository, digest)) ?? Infinity) <= seq)
        manifests.delete(key(repository, digest));
      if ((repositories.get(repository) ?? Infinity) <= seq) repositories.delete(repository);
    },
    lastPushed: (repository, tag) => pushed.get(key(repository, tag)),
  };
}

/** Neither a tag nor a digest holds a space. */
const key = (repository: RepositoryName, name: Tag | Digest): string => `${repository} ${name}`;
