// Long-running operations at rest: a client may ask for the outcome after a restart.
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Of an import. */
export interface OperationProgress {
  /** Of its blobs, each counted once; what the registry held before is done, too. */
  bytesDone: number;
  bytesTotal: number;
}

export interface Operation {
  /** `{kind}-{guid}`, as it stands in the URL that a client polls. */
  id: string;
  /** What clients are told while it runs. */
  verb: 'Creating' | 'Updating' | 'Deleting' | 'Accepted';
  status: 'Running' | 'Succeeded' | 'Failed';
  /** Of a failure: the ARM error code and the reason. */
  error?: { code: string; message: string } | undefined;
  progress?: OperationProgress | undefined;
  /** What a restart needs to take it up again; never a secret. */
  work?: unknown;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string | undefined;
}

export interface Operations {
  get(id: string): Promise<Operation | undefined>;
  put(operation: Operation): Promise<void>;
  /** Those that a stop interrupted. */
  running(): Promise<Operation[]>;
  /** Forgets ended ones that began before `before`. */
  trim(before: Date): Promise<void>;
}

export function openOperations(database: Kysely<Tables>): Operations {
  return {
    get: async (id) => {
      const row = await database
        .selectFrom('operations')
        .where('id', '=', id.toLowerCase())
        .select('document')
        .executeTakeFirst();
      return row && (JSON.parse(row.document) as Operation);
    },
    put: async (operation) => {
      const columns = {
        document: JSON.stringify(operation),
        running: operation.status === 'Running' ? 1 : 0,
        started_at: operation.startedAt,
      };
      await database
        .insertInto('operations')
        .values({ id: operation.id.toLowerCase(), ...columns })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
        .execute();
    },
    running: async () => {
      const rows = await database
        .selectFrom('operations')
        .where('running', '=', 1)
        .orderBy('started_at')
        .select('document')
        .execute();
      return rows.map((row) => JSON.parse(row.document) as Operation);
    },
    trim: async (before) => {
      await database
        .deleteFrom('operations')
        .where('running', '=', 0)
        .where('started_at', '<', before.toISOString())
        .execute();
    },
  };
}
