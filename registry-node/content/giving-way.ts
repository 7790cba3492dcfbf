// A node that follows its parent gives way to its own clients. What they did is looked up in the transaction of the change that
// would undo it: between asking and changing there is then no moment in which a client's change is neither seen nor safe.
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import type { ContentTransaction } from './commit.ts';
import type { YieldingChange } from './content.ts';
import { formatOrigin } from './feed-log.ts';

/** Absent: whatever is in the repository. */
interface Target {
  tag?: Tag;
  digest?: Digest;
}

/** Also of changes that are committed and not yet on the disk, which the feed does not tell of before they are. */
export async function mustGiveWay(
  { tables }: ContentTransaction,
  { unlessChangedAfter }: YieldingChange,
  repository: RepositoryName,
  { tag, digest }: Target = {},
): Promise<boolean> {
  if (unlessChangedAfter === undefined) return false;
  let changes = tables
    .selectFrom('feed')
    .where('seq', '>', unlessChangedAfter)
    .where('repository', '=', repository)
    .where('origin', '<>', formatOrigin('parent'));
  if (tag !== undefined) changes = changes.where('tag', '=', tag);
  // Whoever takes a tag away has no need of the manifest.
  if (digest !== undefined) changes = changes.where('digest', '=', digest).where('action', '<>', 'untag');
  return (await changes.select('seq').limit(1).executeTakeFirst()) !== undefined;
}
