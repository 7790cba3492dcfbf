// The list of repositories: what the catalog shows.
import type { Kysely } from 'kysely';
import { isListed } from './attributes.ts';
import type { Content } from './content.ts';
import type { Tables } from './schema.ts';

export function repositories(database: Kysely<Tables>): Pick<Content, 'repositories' | 'hasRepository'> {
  return {
    repositories: async (page = {}) => {
      let query = database.selectFrom('repositories').orderBy('name').select('name');
      if (page.last !== undefined) query = query.where('name', '>', page.last);
      if (page.listedOnly) query = query.where(isListed);
      if (page.n !== undefined) query = query.limit(page.n);
      return (await query.execute()).map((row) => row.name);
    },
    hasRepository: async (repository) => {
      const row = await database
        .selectFrom('repositories')
        .where('name', '=', repository)
        .select('name')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
