// What connected registries last told of themselves, and which instance holds each name.
import type { Kysely } from 'kysely';
import type { NodeStatus, SyncTrigger } from '../../registry-node/gateway/protocol.ts';
import { keyOf, type ResourceKey } from '../arm/resource-id.ts';
import type { Row, Tables } from './tables.ts';

export interface Report {
  /** The instance that holds the name: undefined when none does, and for nodes that another node reports. */
  instance: string | undefined;
  status: NodeStatus | undefined;
  /** When the node was last heard of, by whichever parent it has. */
  heardAt: Date | undefined;
  pendingFullSync: SyncTrigger | undefined;
  /** The last full sync: begun, or for a node that another node answers, asked for. */
  fullSync: FullSync | undefined;
}

export interface FullSync {
  trigger: SyncTrigger;
  /** ISO 8601. */
  at: string;
}

export interface Reports {
  /** Undefined when the connected registry was never heard of. */
  get(key: ResourceKey): Promise<Report | undefined>;
  /** Of all connected registries in this registry. */
  list(registry: ResourceKey): Promise<Map<ResourceKey, Report>>;
  /** Keeps the given fields; the others stay. Several keys are one transaction. */
  update(changes: ReadonlyMap<ResourceKey, Partial<Report>>): Promise<void>;
  /** Binds the name to the instance unless another holds it. @returns whether it is bound to it now */
  claim(key: ResourceKey, instance: string): Promise<boolean>;
  remove(keys: readonly ResourceKey[]): Promise<void>;
}

export function openReports(database: Kysely<Tables>): Reports {
  return {
    get: async (key) => {
      const row = await database.selectFrom('reports').where('key', '=', key).selectAll().executeTakeFirst();
      return row && parse(row);
    },
    list: async (registry) => {
      const rows = await database
        .selectFrom('reports')
        .where('key', '>', `${registry}/`)
        .where('key', '<', `${registry}0`)
        .selectAll()
        .execute();
      return new Map(rows.map((row) => [keyOf(row.key), parse(row)]));
    },
    update: (changes) =>
      database.transaction().execute(async (transaction) => {
        for (const [key, change] of changes) {
          const columns = format(change);
          await transaction
            .insertInto('reports')
            .values({
              key,
              instance: null,
              status: null,
              heard_at: null,
              pending_full_sync: null,
              full_sync: null,
              ...columns,
            })
            .onConflict((conflict) => conflict.column('key').doUpdateSet({ key, ...columns }))
            .execute();
        }
      }),
    claim: async (key, instance) => {
      const row = await database
        .insertInto('reports')
        .values({ key, instance, status: null, heard_at: null, pending_full_sync: null, full_sync: null })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({ instance })
            .where((where) =>
              where.or([where('reports.instance', 'is', null), where('reports.instance', '=', instance)]),
            ),
        )
        .returning('key')
        .executeTakeFirst();
      return row !== undefined;
    },
    remove: async (keys) => {
      if (keys.length > 0) await database.deleteFrom('reports').where('key', 'in', keys).execute();
    },
  };
}

function parse(row: Row<'reports'>): Report {
  return {
    instance: row.instance ?? undefined,
    status: row.status === null ? undefined : (JSON.parse(row.status) as NodeStatus),
    heardAt: row.heard_at === null ? undefined : new Date(row.heard_at),
    pendingFullSync: (row.pending_full_sync as SyncTrigger | null) ?? undefined,
    fullSync: row.full_sync === null ? undefined : (JSON.parse(row.full_sync) as FullSync),
  };
}

/** Only the columns that `change` names, an undefined one as null. */
function format(change: Partial<Report>): Partial<Row<'reports'>> {
  return {
    ...('instance' in change && { instance: change.instance ?? null }),
    ...('status' in change && { status: change.status ? JSON.stringify(change.status) : null }),
    ...('heardAt' in change && { heard_at: change.heardAt?.toISOString() ?? null }),
    ...('pendingFullSync' in change && { pending_full_sync: change.pendingFullSync ?? null }),
    ...('fullSync' in change && { full_sync: change.fullSync ? JSON.stringify(change.fullSync) : null }),
  };
}
