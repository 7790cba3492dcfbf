// What a registry holds, in numbers.
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface ContentTotals {
  repositories: number;
  /** Each once, in whatever many repositories it is. */
  blobs: number;
  blobBytes: number;
  /** Upload sessions that have not ended. */
  uploads: number;
}

/** @param unkeptUploads how many upload sessions have no row */
export async function countTotals(database: Kysely<Tables>, unkeptUploads: number): Promise<ContentTotals> {
  const blobs = await database
    .selectFrom('registry')
    .select(['blob_count', 'blob_bytes'])
    .executeTakeFirstOrThrow();
  const count = async (table: 'repositories' | 'uploads'): Promise<number> => {
    const row = await database
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return row.count;
  };
  return {
    repositories: await count('repositories'),
    blobs: blobs.blob_count,
    blobBytes: blobs.blob_bytes,
    uploads: (await count('uploads')) + unkeptUploads,
  };
}
