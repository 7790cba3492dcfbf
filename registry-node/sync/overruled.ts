// What a parent says of conflicts that the listing of a full sync does not show, because this node's own change had gone up before.
import type { FullSyncPage } from '../gateway/protocol.ts';
import { parseDigest } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { Conflict } from './plan.ts';

type Told = NonNullable<FullSyncPage['overruled']>[number];

export function parseOverruled({ repository, tag, ours, theirs }: Told): Conflict {
  return {
    repository: parseRepositoryName(repository),
    tag: parseTag(tag),
    ours: ours === undefined ? undefined : parseDigest(ours),
    theirs: parseDigest(theirs),
  };
}
