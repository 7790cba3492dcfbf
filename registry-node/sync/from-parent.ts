// How changes are made here that come from the parent: they do not go up, and they give way to those of clients.
import type { YieldingChange } from '../content/content.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Pending } from './pending.ts';

export const fromParent = { origin: 'parent' } as const;

/** Does nothing to what was changed here since `pending` was asked: the local change goes up and decides. */
export const yielding = (pending: Pending): YieldingChange => ({
  ...fromParent,
  unlessChangedAfter: pending.knownTo(),
});

/** For a manifest of a plan; undefined when it was deleted here since: the deletion goes up and decides. */
export async function unlessDeleted(
  pending: Pending,
  repository: RepositoryName,
  digest: Digest,
  planKnownTo: number,
): Promise<YieldingChange | undefined> {
  await pending.refresh();
  return pending.deletedAfter(repository, digest, planKnownTo) ? undefined : yielding(pending);
}

/** `passed over`: a change of it that was made here has gone up since the parent was asked, whose words came before. */
export type Outcome = 'done' | 'passed over';
