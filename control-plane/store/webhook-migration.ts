// What webhooks are told: rows that go with their webhook.
import type { Migration } from '../../registry-node/database/open.ts';

export const webhookDeliveries: Migration = {
  name: 'webhook events',
  up: async ({ schema }) => {
    await schema
      .createTable('webhook_cursors')
      .addColumn('webhook', 'text', (column) =>
        column.primaryKey().references('resources.key').onDelete('cascade'),
      )
      .addColumn('feed_id', 'text', (column) => column.notNull())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .execute();
    await schema
      .createTable('webhook_events')
      .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('webhook', 'text', (column) =>
        column.notNull().references('resources.key').onDelete('cascade'),
      )
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('content', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'integer')
      .addColumn('request', 'text')
      .addColumn('response', 'text')
      .execute();
    await schema
      .createIndex('webhook_events_by_webhook')
      .on('webhook_events')
      .columns(['webhook', 'due_at', 'seq'])
      .execute();
  },
};
