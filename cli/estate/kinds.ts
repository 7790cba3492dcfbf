// The kinds of resources that an estate declares, in the order in which they need each other: a field is where it stands in the
// resource, and how it is compared.
export interface Field {
  /** In the resource as ARM shows it and as PUT takes it. */
  at: string;
  /** Where PATCH takes it, when that differs. */
  patch?: string;
  /** `list`: of anything; none is an empty one. `set`: a list whose order says nothing. `id`: resource ids and locations, whose spelling says nothing. */
  compare?: 'list' | 'set' | 'id' | 'ids';
  /** Cannot be changed once it is made. */
  fixed?: boolean;
}

export interface Kind {
  /** As people say it. */
  title: string;
  fields: Readonly<Record<string, Field>>;
  /** What ARM demands of a new one. */
  defaults?: Readonly<Record<string, unknown>>;
}

const sync = 'properties.parent.syncProperties';
const patchedSync = 'properties.syncProperties';

export const kinds = {
  group: { title: 'group', fields: { location: { at: 'location', compare: 'id', fixed: true } } },
  registry: {
    title: 'registry',
    fields: {
      location: { at: 'location', compare: 'id', fixed: true },
      sku: { at: 'sku.name' },
      adminUserEnabled: { at: 'properties.adminUserEnabled' },
      anonymousPullEnabled: { at: 'properties.anonymousPullEnabled' },
      dataEndpointEnabled: { at: 'properties.dataEndpointEnabled' },
    },
  },
  scopeMap: {
    title: 'scope map',
    fields: {
      description: { at: 'properties.description' },
      actions: { at: 'properties.actions', compare: 'set' },
    },
  },
  token: {
    title: 'token',
    fields: {
      scopeMap: { at: 'properties.scopeMapId', compare: 'id' },
      status: { at: 'properties.status' },
    },
  },
  connectedRegistry: {
    title: 'connected registry',
    fields: {
      mode: { at: 'properties.mode', compare: 'id', fixed: true },
      parent: { at: 'properties.parent.id', compare: 'id', fixed: true },
      syncToken: { at: `${sync}.tokenId`, compare: 'id', fixed: true },
      schedule: { at: `${sync}.schedule`, patch: `${patchedSync}.schedule` },
      syncWindow: { at: `${sync}.syncWindow`, patch: `${patchedSync}.syncWindow` },
      messageTtl: { at: `${sync}.messageTtl`, patch: `${patchedSync}.messageTtl` },
      logLevel: { at: 'properties.logging.logLevel' },
      clientTokens: { at: 'properties.clientTokenIds', compare: 'ids' },
      notifications: { at: 'properties.notificationsList', compare: 'set' },
      syncFilter: { at: 'properties.syncFilter', compare: 'list' },
      gcEnabled: { at: 'properties.garbageCollection.enabled' },
      gcSchedule: { at: 'properties.garbageCollection.schedule' },
    },
    defaults: { schedule: '* * * * *', messageTtl: 'P2D' },
  },
} as const satisfies Record<string, Kind>;
export type KindName = keyof typeof kinds;
