// What connected registries last told of themselves, and which instance holds each name. All of it is in memory, because each
// round asks for it, and at rest. Who holds a name, and which full sync waits, is on the disk before anybody is answered. What a
// node tells of itself is told again within the minute, so it is written a little later, all nodes' together: a commit for each
// round would stop the process for the disk, however many nodes there are.
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../../registry-node/clock.ts';
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
  /** Keeps what nodes told of themselves; a crash may take the last second of it. */
  hear(told: ReadonlyMap<ResourceKey, Told>): void;
  /** Keeps the given fields; the others stay. Several keys are one transaction. */
  update(changes: ReadonlyMap<ResourceKey, Partial<Report>>): Promise<void>;
  /** Binds the name to the instance unless another holds it. @returns whether it is bound to it now */
  claim(key: ResourceKey, instance: string): Promise<boolean>;
  /** @param keys of resources of any kind */
  remove(keys: readonly ResourceKey[]): Promise<void>;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

export type Told = Pick<Report, 'status' | 'heardAt'>;

export interface ReportsOptions {
  database: Kysely<Tables>;
  clock: Clock;
  logger: FastifyBaseLogger;
}

const writtenAfterMs = 1000;
const nothing: Report = {
  instance: undefined,
  status: undefined,
  heardAt: undefined,
  pendingFullSync: undefined,
  fullSync: undefined,
};

export async function openReports({ database, clock, logger }: ReportsOptions): Promise<Reports> {
  const rows = await database.selectFrom('reports').selectAll().execute();
  const known = new Map(rows.map((row) => [keyOf(row.key), parse(row)]));
  const unwritten = new Set<ResourceKey>();
  const closing = new AbortController();
  let writing: Promise<void> | undefined;

  const keep = (key: ResourceKey, change: Partial<Report>): void => {
    known.set(key, { ...(known.get(key) ?? nothing), ...change });
  };
  const write = async (): Promise<void> => {
    const keys = [...unwritten];
    unwritten.clear();
    try {
      await database.transaction().execute(async (transaction) => {
        for (const key of keys) {
          const report = known.get(key);
          if (report) await put(transaction, key, { status: report.status, heardAt: report.heardAt });
        }
      });
    } catch (error) {
      for (const key of keys) unwritten.add(key);
      logger.warn({ err: error }, 'what connected registries told could not be written; tried again later');
    }
  };
  const writeSoon = async (): Promise<void> => {
    await clock.sleep(writtenAfterMs, closing.signal).catch(() => undefined);
    writing = undefined;
    await write();
  };
  return {
    get: async (key) => known.get(key),
    list: async (registry) => new Map([...known].filter(([key]) => key.startsWith(`${registry}/`))),
    hear: (told) => {
      for (const [key, { status, heardAt }] of told) {
        keep(key, { status, heardAt });
        unwritten.add(key);
      }
      writing ??= writeSoon();
    },
    update: async (changes) => {
      await database.transaction().execute(async (transaction) => {
        for (const [key, change] of changes) await put(transaction, key, change);
      });
      for (const [key, change] of changes) keep(key, change);
    },
    claim: async (key, instance) => {
      const row = await database
        .insertInto('reports')
        .values({ ...format(nothing), key, instance })
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
      if (row) keep(key, { instance });
      return row !== undefined;
    },
    remove: async (keys) => {
      // First in memory: what is written meanwhile is written of what is known. A registry goes with thousands of tokens, which
      // tell nothing, and a statement has room for so many keys only.
      const told = keys.filter((key) => known.delete(key));
      if (told.length > 0) await database.deleteFrom('reports').where('key', 'in', told).execute();
    },
    close: async () => {
      closing.abort();
      await writing;
      if (unwritten.size > 0) await write();
    },
  };
}

async function put(
  transaction: Transaction<Tables>,
  key: ResourceKey,
  change: Partial<Report>,
): Promise<void> {
  const columns = format(change);
  await transaction
    .insertInto('reports')
    .values({ ...format(nothing), key, ...columns })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ key, ...columns }))
    .execute();
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
