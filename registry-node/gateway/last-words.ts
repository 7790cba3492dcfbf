// What is left of many events on the same names. A child plans by that what to do; a parent finds by it what a full sync cannot show.
import { type Digest, parseDigest } from '../oci/digest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { parseTag, type Tag } from '../oci/reference.ts';
import type { WireEvent } from './protocol.ts';

export interface LastWords {
  tags: LastOfTag[];
  /** In the order of the last words. */
  manifests: LastOfManifest[];
}

export interface LastOfTag {
  repository: RepositoryName;
  tag: Tag;
  /** Undefined: taken away. */
  digest: Digest | undefined;
  size: number;
  own: boolean;
  /** What others moved it to just before this node moved it on: nobody here can have known of that. */
  overruled: Digest | undefined;
}

export interface LastOfManifest {
  repository: RepositoryName;
  digest: Digest;
  size: number;
  deleted: boolean;
  /** It is wanted where this is; undefined: it is wanted anyway. */
  subject: Digest | undefined;
}

/** Later events on the same tag, or the same manifest, replace earlier ones. @param ownName origin of the node's own */
export function lastWords(events: readonly WireEvent[], ownName: string): LastWords {
  const tags = new Map<string, LastOfTag & { seq: number }>();
  const manifests = new Map<string, LastOfManifest>();
  /** By manifest, the number of the event. */
  const deletions = new Map<string, number>();
  /** A deleted manifest takes its tags along. */
  const pointsAt = ({ repository, digest, seq }: LastOfTag & { seq: number }): Digest | undefined =>
    (deletions.get(`${repository} ${digest}`) ?? 0) > seq ? undefined : digest;
  for (const event of events) {
    const { seq, action, size } = event;
    const repository = parseRepositoryName(event.repository);
    if (event.tag !== undefined && (action === 'tag' || action === 'untag')) {
      const tag = parseTag(event.tag);
      const digest = action === 'tag' ? parseDigest(event.digest) : undefined;
      const own = event.origin === ownName;
      const before = tags.get(`${repository} ${tag}`);
      const theirs = before && (before.own ? before.overruled : pointsAt(before));
      const overruled = own && theirs !== digest ? theirs : undefined;
      tags.set(`${repository} ${tag}`, { seq, repository, tag, digest, size, own, overruled });
    } else {
      const key = `${repository} ${event.digest}`;
      if (action === 'delete') deletions.set(key, seq);
      const last = lastOfManifest(event, manifests.get(key));
      manifests.delete(key);
      manifests.set(key, last);
    }
  }
  for (const last of tags.values()) last.digest = pointsAt(last);
  return { tags: [...tags.values()], manifests: [...manifests.values()] };
}

function lastOfManifest(event: WireEvent, before: LastOfManifest | undefined): LastOfManifest {
  const { action, repository, digest, size, subject } = event;
  const wantedAnyway = before && !before.deleted && before.subject === undefined;
  return {
    repository: parseRepositoryName(repository),
    digest: parseDigest(digest),
    size,
    deleted: action === 'delete',
    subject: subject === undefined || wantedAnyway ? undefined : parseDigest(subject),
  };
}
