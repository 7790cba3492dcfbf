// What is damaged and waits for its bytes to arrive again.
import type { Kysely } from 'kysely';
import type { Digest } from '../../oci/digest.ts';
import type { RepositoryName } from '../../oci/name.ts';
import type { Tables } from '../schema.ts';

export interface DamagedContent {
  manifests: { repository: RepositoryName; digest: Digest }[];
  /** With repositories that show the blob, where a copy of it may be found. */
  blobs: { digest: Digest; size: number; repositories: RepositoryName[] }[];
}

const repositoriesMax = 20;

/** At most `n` of each. */
export async function readDamage(database: Kysely<Tables>, n: number): Promise<DamagedContent> {
  const manifests = await database
    .selectFrom('manifests')
    .where('damaged_at', 'is not', null)
    .orderBy('repository')
    .orderBy('digest')
    .limit(n)
    .select(['repository', 'digest'])
    .execute();
  const rows = await database
    .selectFrom('blobs')
    .where('damaged_at', 'is not', null)
    .orderBy('digest')
    .limit(n)
    .select(['digest', 'size'])
    .execute();
  const blobs: DamagedContent['blobs'] = [];
  for (const { digest, size } of rows) {
    const shown = await database
      .selectFrom('repository_blobs')
      .where('digest', '=', digest)
      .orderBy('repository')
      .limit(repositoriesMax)
      .select('repository')
      .execute();
    blobs.push({ digest, size, repositories: shown.map((row) => row.repository) });
  }
  return { manifests: manifests.map(({ repository, digest }) => ({ repository, digest })), blobs };
}
