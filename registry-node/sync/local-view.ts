// Reads from the content what a plan asks for, so that planning itself stays a pure function.
import type { Content } from '../content/content.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { parseTag, type Tag } from '../oci/reference.ts';
import { nameIn } from './name-in.ts';
import type { Pending } from './pending.ts';
import type { Listed, LocalView } from './plan.ts';

/** The local state of just the manifests and tags that `listed` names. */
export async function readLocalView(
  content: Pick<Content, 'manifest'>,
  pending: Pending,
  listed: readonly Listed[],
): Promise<LocalView> {
  await pending.refresh();
  const knownTo = pending.knownTo();
  const manifests = new Set<string>();
  const tags = new Map<string, Digest>();
  for (const { repository, digest, tags: names } of listed) {
    if (await content.manifest(repository, { digest })) manifests.add(nameIn(repository, digest));
    for (const tag of names) {
      const found = await content.manifest(repository, { tag });
      if (found) tags.set(nameIn(repository, tag), found.digest);
    }
  }
  // Again, so that a client's deletion is known of whatever is missing because of it.
  await pending.refresh();
  return {
    knownTo,
    has: (repository: RepositoryName, digest: Digest) => manifests.has(nameIn(repository, digest)),
    tag: (repository: RepositoryName, tag: Tag) => tags.get(nameIn(repository, tag)),
    pendingTag: (repository, tag) => pending.tag(repository, tag),
    pendingManifest: (repository, digest) => pending.manifest(repository, digest),
    pendingDeletion: (repository, digest) => pending.deletion(repository, digest),
    lastPushed: (repository, tag) => pending.untold.lastPushed(repository, tag),
    awaitsEcho: (repository, name) => pending.untold.awaitsEcho(repository, name),
    untoldTag: (repository, tag) => pending.untold.tag(repository, tag),
    deletedHere: (repository, digest) => pending.deletes(repository, digest),
  };
}

/** The names that events touch. */
export function touchedBy(events: readonly WireEvent[]): Listed[] {
  return events.flatMap(({ repository, digest, size, tag, subject }) => [
    {
      repository: parseRepositoryName(repository),
      digest: parseDigest(digest),
      size,
      tags: tag === undefined ? [] : [parseTag(tag)],
    },
    ...(subject === undefined
      ? []
      : [{ repository: parseRepositoryName(repository), digest: parseDigest(subject), size, tags: [] }]),
  ]);
}
