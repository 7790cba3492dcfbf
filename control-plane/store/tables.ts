// The control plane's database: what each table holds, and how it came to be. Resources are documents, because ARM's
// own operations are: read one, list under one, replace one.
import type { Migration } from '../../registry-node/database/open.ts';
import type { Generated } from 'kysely';
import type { ResourceKey } from '../arm/resource-id.ts';
import { principalsWithPasswords } from './principals-migration.ts';
import { reportsOfConnectedRegistries } from './reports-migration.ts';
import { webhookDeliveries } from './webhook-migration.ts';

export interface Tables {
  /** Every ARM resource. */
  resources: {
    /** Lower-cased id. */
    key: string;
    /** Key of the resource it lives in; of the subscription for a resource group. */
    parent: string;
    /** As resource-id.ts spells it. */
    type: string;
    /** Lower-cased. */
    name: string;
    /** JSON of a `Resource`. */
    document: string;
  };
  /**
   * What connected registries told of themselves: apart from `resources`, so that a round is no change of
   * configuration.
   */
  reports: {
    /** Key of the connected registry. */
    key: string;
    /** The instance that holds the name; null after deactivation, and for nodes that another node reports. */
    instance: string | null;
    /** JSON of the last NodeStatus. */
    status: string | null;
    /** ISO 8601; when it was last heard of. */
    heard_at: string | null;
    /** A SyncTrigger that the node has not taken up. */
    pending_full_sync: string | null;
    /** JSON of a FullSync. */
    full_sync: string | null;
  };
  /** Long-running operations, running and ended. */
  operations: {
    id: string;
    /** JSON of an `Operation`. */
    document: string;
    /** 1 while it runs. */
    running: number;
    /** ISO 8601. */
    started_at: string;
  };
  service_principals: {
    client_id: string;
    object_id: string;
    application_object_id: string;
    display_name: string;
    /** 0 while it is an application only. */
    enabled: number;
    /** ISO 8601, as all times here. */
    created_at: string;
  };
  /** Of service principals. */
  passwords: {
    key_id: string;
    client_id: string;
    display_name: string | null;
    hint: string;
    /** See registry-node/auth/password.ts. */
    verifier: string;
    starts_at: string;
    ends_at: string;
  };
  /** How far each webhook has read the feed of its registry. */
  webhook_cursors: { webhook: ResourceKey; feed_id: string; seq: number };
  /** What webhooks are to be told, and what they were told lately. */
  webhook_events: {
    seq: Generated<number>;
    webhook: ResourceKey;
    id: string;
    /** JSON, as it is sent. */
    content: string;
    attempts: number;
    /** When to send it, in milliseconds since 1970; null once it has ended. */
    due_at: number | null;
    /** JSON of what was sent and answered last; null before the first attempt. */
    request: string | null;
    response: string | null;
  };
  /** Facts about this control plane as a whole. */
  settings: { name: string; value: string };
}

export type Row<Table extends keyof Tables> = Tables[Table];

export const migrations: readonly Migration[] = [
  {
    name: 'resources, reports, operations, service principals, settings',
    up: async ({ schema }) => {
      await schema
        .createTable('resources')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('parent', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('document', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('resources_by_parent')
        .on('resources')
        .columns(['parent', 'type', 'name'])
        .execute();
      await schema.createIndex('resources_by_type').on('resources').columns(['type', 'name']).execute();
      await schema
        .createTable('reports')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('instance', 'text')
        .addColumn('status', 'text')
        .addColumn('heard_at', 'text')
        .addColumn('pending_full_sync', 'text')
        .execute();
      await schema
        .createTable('operations')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('document', 'text', (column) => column.notNull())
        .addColumn('running', 'integer', (column) => column.notNull())
        .addColumn('started_at', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('operations_by_start')
        .on('operations')
        .columns(['running', 'started_at'])
        .execute();
      await schema
        .createTable('service_principals')
        .addColumn('client_id', 'text', (column) => column.primaryKey())
        .addColumn('display_name', 'text', (column) => column.notNull())
        .addColumn('verifier', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createTable('settings')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'text', (column) => column.notNull())
        .execute();
    },
  },
  principalsWithPasswords,
  {
    name: 'the last full sync of connected registries',
    up: async ({ schema }) => {
      await schema.alterTable('reports').addColumn('full_sync', 'text').execute();
    },
  },
  webhookDeliveries,
  reportsOfConnectedRegistries,
];
