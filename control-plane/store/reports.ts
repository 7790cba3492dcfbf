// What connected registries last told of themselves, and which instance holds each name. All of it is in memory, because each
// round asks for it, and at rest. Who holds a name, and which full sync waits, is on the disk before anybody is answered. What a
// node tells of itself is told again within the minute, so it is written a little later, all nodes' together: a commit for each
// round would stop the process for the disk, however many nodes there are. Rows go with their connected registry, by the database
// itself.
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
  /** Keeps the given fields; the others stay. Several keys are one transaction. What is deleted is left out. */
  update(changes: ReadonlyMap<ResourceKey, Partial<Report>>): Promise<void>;
  /** Binds the name to the instance unless another holds it, or it is deleted. @returns whether it is bound to it now */
  claim(key: ResourceKey, instance: string): Promise<boolean>;
  /** Once they are deleted. @param keys of resources of any kind */
  forget(keys: readonly ResourceKey[]): void;
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
          if (!report) continue;
          const { status, heardAt } = report;
          if (!(await put(transaction, key, { status, heardAt }))) known.delete(key);
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
      const written = new Map<ResourceKey, Partial<Report>>();
      await database.transaction().execute(async (transaction) => {
        for (const [key, change] of changes)
          if (await put(transaction, key, change)) written.set(key, change);
      });
      for (const [key, change] of written) keep(key, change);
    },
    claim: async (key, instance) => {
      const isHeld = await database.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom('reports')
          .where('key', '=', key)
          .select('instance')
          .executeTakeFirst();
        if (row && row.instance !== null && row.instance !== instance) return true;
        return !(await put(transaction, key, { instance }));
      });
      if (!isHeld) keep(key, { instance });
      return !isHeld;
    },
    forget: (keys) => {
      // What is written meanwhile is written of what is known.
      for (const key of keys) known.delete(key);
    },
    close: async () => {
      closing.abort();
      await writing;
      if (unwritten.size > 0) await write();
    },
  };
}

/** False when the connected registry is deleted, perhaps while its node speaks. */
async function put(
  transaction: Transaction<Tables>,
  key: ResourceKey,
  change: Partial<Report>,
): Promise<boolean> {
  const resource = await transaction
    .selectFrom('resources')
    .where('key', '=', key)
    .select('key')
    .executeTakeFirst();
  if (!resource) return false;
  const columns = format(change);
  await transaction
    .insertInto('reports')
    .values({ ...format(nothing), key, ...columns })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ key, ...columns }))
    .execute();
  return true;
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
