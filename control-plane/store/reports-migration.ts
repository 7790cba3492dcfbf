// What connected registries told: rows that go with their connected registry. Those that an earlier version left behind, when
// a crash came between the two, go now: whoever makes the name anew would find it held.
import { sql } from 'kysely';
import type { Migration } from '../../registry-node/database/open.ts';

export const reportsOfConnectedRegistries: Migration = {
  name: 'reports go with their connected registry',
  up: async (transaction) => {
    for (const statement of [
      'ALTER TABLE reports RENAME TO reports_before',
      `CREATE TABLE reports (
        key TEXT PRIMARY KEY REFERENCES resources (key) ON DELETE CASCADE,
        instance TEXT, status TEXT, heard_at TEXT, pending_full_sync TEXT, full_sync TEXT)`,
      `INSERT INTO reports SELECT key, instance, status, heard_at, pending_full_sync, full_sync
        FROM reports_before WHERE key IN (SELECT key FROM resources)`,
      'DROP TABLE reports_before',
    ])
      await sql.raw(statement).execute(transaction);
  },
};
