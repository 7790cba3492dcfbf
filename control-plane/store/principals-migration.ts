// Service principals get ids of their own and any number of passwords; the one that was made at the first start stays
// the owner, with the password it has.
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Migration } from '../../registry-node/database/open.ts';
import type { Tables } from './tables.ts';

interface Before {
  service_principals: Tables['service_principals'] & { verifier: string };
}

/** Passwords had no end then. */
const never = '9999-12-31T23:59:59.999Z';

export const principalsWithPasswords: Migration = {
  name: 'service principals with object ids and passwords',
  up: async (transaction) => {
    const { schema } = transaction;
    const id = (name: string) =>
      schema
        .alterTable('service_principals')
        .addColumn(name, 'text', (column) => column.notNull().defaultTo(''))
        .execute();
    await id('object_id');
    await id('application_object_id');
    await schema
      .alterTable('service_principals')
      .addColumn('enabled', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
    await schema
      .createTable('passwords')
      .addColumn('key_id', 'text', (column) => column.primaryKey())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('display_name', 'text')
      .addColumn('hint', 'text', (column) => column.notNull())
      .addColumn('verifier', 'text', (column) => column.notNull())
      .addColumn('starts_at', 'text', (column) => column.notNull())
      .addColumn('ends_at', 'text', (column) => column.notNull())
      .execute();
    await schema.createIndex('passwords_by_client').on('passwords').column('client_id').execute();
    await moveVerifiers(transaction);
    await schema.alterTable('service_principals').dropColumn('verifier').execute();
    for (const column of ['object_id', 'application_object_id'])
      await schema
        .createIndex(`service_principals_by_${column}`)
        .on('service_principals')
        .column(column)
        .unique()
        .execute();
  },
};

async function moveVerifiers(transaction: Transaction<Tables & Before>): Promise<void> {
  for (const row of await transaction.selectFrom('service_principals').selectAll().execute()) {
    await transaction
      .updateTable('service_principals')
      .where('client_id', '=', row.client_id)
      .set({ object_id: randomUUID(), application_object_id: randomUUID() })
      .execute();
    await transaction
      .insertInto('passwords')
      .values({
        key_id: randomUUID(),
        client_id: row.client_id,
        display_name: null,
        hint: '',
        verifier: row.verifier,
        starts_at: row.created_at,
        ends_at: never,
      })
      .execute();
    if (row.display_name !== 'owner') continue;
    await transaction
      .insertInto('settings')
      .values({ name: 'ownerClientId', value: row.client_id })
      .execute();
  }
}
