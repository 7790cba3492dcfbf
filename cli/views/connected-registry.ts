// How a connected registry is shown.
import { at, column, timeColumn, type Columns, textAt, type View } from '../output/view.ts';

const fields = {
  activation: { status: null },
  clientTokenIds: null,
  connectionState: null,
  garbageCollection: { enabled: null, schedule: null },
  lastActivityTime: null,
  logging: { auditLogStatus: null, logLevel: null },
  loginServer: { host: null, tls: { certificate: { location: null, type: null }, status: null } },
  mode: null,
  notificationsList: null,
  parent: {
    id: null,
    syncProperties: {
      gatewayEndpoint: null,
      lastSyncTime: null,
      messageTtl: null,
      schedule: null,
      syncWindow: null,
      tokenId: null,
    },
  },
  provisioningState: null,
  statusDetails: null,
  systemData: null,
  version: null,
} as const;

const columns: Columns = {
  NAME: column('name'),
  MODE: column('mode'),
  'CONNECTION STATE': column('connectionState'),
  PARENT: parentName,
  'LOGIN SERVER': column('loginServer.host'),
  'LAST SYNC (UTC)': timeColumn('parent.syncProperties.lastSyncTime'),
};

export const connectedRegistryView: View = {
  fields,
  columns: {
    ...columns,
    'SYNC SCHEDULE': column('parent.syncProperties.schedule'),
    'SYNC WINDOW': column('parent.syncProperties.syncWindow'),
  },
};

/** A list shows each parent before its children. */
export const connectedRegistriesView: View = { fields, columns, rows: treeOrder };

function parentName(item: unknown): unknown {
  const id = at(item, 'parent.id');
  return typeof id === 'string' ? id.slice(id.lastIndexOf('/') + 1) : undefined;
}

function treeOrder(result: unknown): readonly unknown[] {
  const all: unknown[] = Array.isArray(result) ? result : [result];
  const id = (item: unknown): string => textAt(item, 'id').toLowerCase();
  const parent = (item: unknown): string => textAt(item, 'parent.id').toLowerCase();
  const ids = new Set(all.map(id));
  const below = (item: unknown): unknown[] => [
    item,
    ...all.filter((other) => parent(other) === id(item)).flatMap(below),
  ];
  // What has no parent here is a root: a filtered list may begin below the top.
  return all.filter((item) => !ids.has(parent(item))).flatMap(below);
}
