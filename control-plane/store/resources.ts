// Reading and writing resources. Reads go to the last committed state; writes happen inside `change`, one after the
// other, so that a rule that reads ("does this scope map exist?") and the write that relies on it cannot be torn
// apart. Listeners hear of a change after its commit.
import type { Kysely, SelectQueryBuilder, Transaction } from 'kysely';
import { keyOf, type ResourceKey } from '../arm/resource-id.ts';
import type { Resource, ResourceKind } from './resource.ts';
import type { Tables } from './tables.ts';

export interface Page {
  /** Exclusive: resources whose lower-cased name follows this one. */
  after?: string | undefined;
  limit?: number | undefined;
}

export interface ResourceReader {
  get<P>(kind: ResourceKind<P>, key: ResourceKey): Promise<Resource<P> | undefined>;
  /** Those that live directly in `parent`, by name. */
  list<P>(kind: ResourceKind<P>, parent: ResourceKey, page?: Page): Promise<Resource<P>[]>;
  /** All of a kind, whatever they live in, by name. */
  all<P>(kind: ResourceKind<P>, page?: Page): Promise<Resource<P>[]>;
  count(kind: ResourceKind<unknown>, parent: ResourceKey): Promise<number>;
  /** For names that are unique in the whole control plane, as registries' are. */
  named<P>(kind: ResourceKind<P>, name: string): Promise<Resource<P> | undefined>;
}

export interface ResourceChange extends ResourceReader {
  put<P>(resource: Resource<P>, parent: ResourceKey): Promise<void>;
  /** Removes the resource and everything in it. @returns the keys that are gone */
  remove(key: ResourceKey): Promise<ResourceKey[]>;
}

export type ChangeListener = (keys: ReadonlySet<ResourceKey>) => void;

export interface Resources extends ResourceReader {
  /** Runs `work` in a transaction: everything it wrote is there when this resolves, or nothing when it throws. */
  change<T>(work: (change: ResourceChange) => Promise<T>): Promise<T>;
  /** @returns the call that ends it */
  onChange(listener: ChangeListener): () => void;
}

export function openResources(database: Kysely<Tables>): Resources {
  const listeners = new Set<ChangeListener>();
  return {
    ...reader(database),
    change: async (work) => {
      const changed = new Set<ResourceKey>();
      const result = await database
        .transaction()
        .execute((transaction) => work({ ...reader(transaction), ...writer(transaction, changed) }));
      if (changed.size > 0) for (const listener of listeners) listener(changed);
      return result;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Rows = SelectQueryBuilder<Tables, 'resources', object>;

function paged(rows: Rows, { after, limit }: Page = {}): Rows {
  const following = after === undefined ? rows : rows.where('name', '>', after.toLowerCase());
  const ordered = following.orderBy('name');
  return limit === undefined ? ordered : ordered.limit(limit);
}

/** Written by `put`, so their kind says their shape. */
async function documents<P>(rows: Rows): Promise<Resource<P>[]> {
  return (await rows.select('document').execute()).map((row) => JSON.parse(row.document) as Resource<P>);
}

function reader(database: Kysely<Tables>): ResourceReader {
  const of = (kind: ResourceKind<unknown>) => database.selectFrom('resources').where('type', '=', kind.type);
  return {
    get: async (kind, key) =>
      parse(await of(kind).where('key', '=', key).select('document').executeTakeFirst()),
    list: async (kind, parent, page) => documents(paged(of(kind).where('parent', '=', parent), page)),
    all: async (kind, page) => documents(paged(of(kind), page)),
    count: async (kind, parent) => {
      const row = await of(kind)
        .where('parent', '=', parent)
        .select((select) => select.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return row.count;
    },
    named: async (kind, name) =>
      parse(await of(kind).where('name', '=', name.toLowerCase()).select('document').executeTakeFirst()),
  };
}

function writer(
  transaction: Transaction<Tables>,
  changed: Set<ResourceKey>,
): Pick<ResourceChange, 'put' | 'remove'> {
  return {
    put: async (resource, parent) => {
      const key = keyOf(resource.id);
      const name = resource.name.toLowerCase();
      const document = JSON.stringify(resource);
      await transaction
        .insertInto('resources')
        .values({ key, parent, type: resource.type, name, document })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ document }))
        .execute();
      changed.add(key);
    },
    remove: async (key) => {
      // '0' follows '/': the range holds exactly the keys that continue this one with a slash.
      const rows = await transaction
        .deleteFrom('resources')
        .where((where) =>
          where.or([
            where('key', '=', key),
            where.and([where('key', '>', `${key}/`), where('key', '<', `${key}0`)]),
          ]),
        )
        .returning('key')
        .execute();
      const keys = rows.map((row) => keyOf(row.key));
      for (const gone of keys) changed.add(gone);
      return keys;
    },
  };
}

/** The document was written by `put`, so its kind says its shape. */
function parse<P>(row: { document: string } | undefined): Resource<P> | undefined {
  return row && (JSON.parse(row.document) as Resource<P>);
}
