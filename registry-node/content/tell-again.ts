// Connected registries pass over what is locked against reading, and move on. When it may be read again the feed tells of it
// once more, as if it were pushed now, so that they catch up; to those that have it already it changes nothing.
import type { ContentTransaction } from './commit.ts';
import type { Change } from './content.ts';
import type { AttributeTarget } from './metadata.ts';

const change: Change = { origin: 'client' };

/** Adds a feed row for each manifest and tag that the target covers. */
export async function tellAgain(
  transaction: ContentTransaction,
  { repository, tag, digest }: AttributeTarget,
): Promise<void> {
  const { tables } = transaction;
  let tags = tables
    .selectFrom('tags')
    .where('repository', '=', repository)
    .orderBy('name')
    .select(['name', 'digest']);
  if (tag !== undefined) tags = tags.where('name', '=', tag);
  if (digest !== undefined) tags = tags.where('digest', '=', digest);
  const tagged = await tags.execute();
  const tagsOf = Map.groupBy(tagged, (row) => row.digest);
  let manifests = tables
    .selectFrom('manifests')
    .where('repository', '=', repository)
    .orderBy('digest')
    .select(['digest', 'media_type', 'size']);
  const only = tag === undefined ? digest : tagged[0]?.digest;
  if (only !== undefined) manifests = manifests.where('digest', '=', only);
  for (const row of await manifests.execute()) {
    const stored = { repository, digest: row.digest, mediaType: row.media_type, size: row.size };
    await transaction.tell({ ...stored, action: 'push' }, change);
    for (const { name } of tagsOf.get(row.digest) ?? []) {
      await transaction.tell({ ...stored, action: 'tag', tag: name }, change);
    }
  }
}
