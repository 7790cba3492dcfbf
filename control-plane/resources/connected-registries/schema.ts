// A connected registry: the configuration of a node (Azure REST API, Connected Registries). What the node tells of
// itself is a report, kept apart; state.ts puts the two together.
import { z } from 'zod';
import { enumeration } from '../../arm/enumeration.ts';
import { readOnly, readOnlyEnvelope, readOnlyState } from '../../arm/read-only.ts';
import { resourceTypes } from '../../arm/resource-id.ts';
import type { VersionedProperties } from '../../arm/versioned.ts';
import { type SyncFilter, writtenFilterSchema } from '../../../registry-node/selection/filter.ts';
import { resourceKind } from '../../store/resource.ts';

export const logLevels = ['Debug', 'Information', 'Warning', 'Error', 'None'] as const;

export interface ConnectedRegistryProperties {
  mode: 'ReadWrite' | 'ReadOnly';
  /** Absent: the cloud registry is the parent. */
  parentId?: string | undefined;
  /** The sync token. */
  tokenId: string;
  /** Five-field cron, UTC. */
  schedule: string;
  /** ISO 8601 durations. */
  syncWindow?: string | undefined;
  messageTtl: string;
  clientTokenIds: string[];
  logging: { logLevel: (typeof logLevels)[number]; auditLogStatus: 'Enabled' | 'Disabled' };
  notificationsList: string[];
  garbageCollection: { enabled: boolean; schedule: string };
  /** acrc's own: what it wants of what its scope map grants. Absent: all of it. */
  syncFilter?: SyncFilter | undefined;
  /**
   * Rises whenever its name is given back: tells the parent of a nested one to let its instance go. Begins with the
   * second of its creation (Unix time), so that a name which is deleted and made again counts as given back.
   */
  deactivations: number;
  /** Rises whenever a full sync of a nested one is asked for: its parent passes it on. */
  resyncs?: number | undefined;
}
export const connectedRegistryKind = resourceKind<ConnectedRegistryProperties>(
  resourceTypes.connectedRegistry,
);

/** `* * * * *`: always syncing; a window does not apply. */
export const continuousSchedule = '* * * * *';
export const garbageCollectionDefault = { enabled: true, schedule: '0 0 * * *' } as const;

const logging = z.strictObject({
  logLevel: enumeration(logLevels).nullish(),
  auditLogStatus: enumeration(['Enabled', 'Disabled']).nullish(),
});
const garbageCollection = z.strictObject({ enabled: z.boolean().nullish(), schedule: z.string().nullish() });
const settings = {
  logging: logging.nullish(),
  clientTokenIds: z.array(z.string()).nullish(),
  notificationsList: z.array(z.string()).nullish(),
  garbageCollection: garbageCollection.nullish(),
  /** Left alone by clients that do not know it, az among them; null clears it. */
  syncFilter: writtenFilterSchema.nullish(),
};
export type SettingsInput = z.infer<z.ZodObject<typeof settings>>;

const authType = enumeration(['SyncToken', 'ManagedIdentity']).nullish();
const identity = z.looseObject({ type: z.string() }).nullish();
const readOnlyMembers = {
  ...readOnlyState,
  ...readOnly(
    'version',
    'connectionState',
    'lastActivityTime',
    'activation',
    'loginServer',
    'statusDetails',
    'registrySyncResult',
  ),
};
const readOnlySync = readOnly('lastSyncTime', 'gatewayEndpoint');

/** What came after the first versions (Azure REST API, Connected Registries, its versions beside each other). */
export const connectedRegistryVersions: VersionedProperties = {
  identity: { preview: '2026-09-01' },
  'properties.parent.syncProperties.authType': { preview: '2026-09-01' },
  'properties.syncProperties.authType': { preview: '2026-09-01' },
  'properties.garbageCollection': { preview: '2024-11-01', stable: '2025-04-01' },
  'properties.registrySyncResult': { preview: '2026-01-01' },
};

export const connectedRegistryPutSchema = z.strictObject({
  ...readOnlyEnvelope,
  identity,
  properties: z.strictObject({
    ...readOnlyMembers,
    // The names before 2021-08-01-preview still arrive.
    mode: enumeration(
      ['ReadWrite', 'ReadOnly'],
      new Map([
        ['registry', 'ReadWrite'],
        ['mirror', 'ReadOnly'],
      ]),
    ),
    parent: z.strictObject({
      id: z.string().nullish(),
      syncProperties: z.strictObject({
        ...readOnlySync,
        authType,
        tokenId: z.string().nullish(),
        schedule: z.string().nullish(),
        syncWindow: z.string().nullish(),
        messageTtl: z.string(),
      }),
    }),
    ...settings,
  }),
});
export type ConnectedRegistryPut = z.infer<typeof connectedRegistryPutSchema>['properties'];

export const connectedRegistryPatchSchema = z.strictObject({
  ...readOnlyEnvelope,
  identity,
  properties: z
    .strictObject({
      ...readOnlyMembers,
      syncProperties: z
        .strictObject({
          ...readOnlySync,
          authType,
          schedule: z.string().nullish(),
          syncWindow: z.string().nullish(),
          messageTtl: z.string().nullish(),
        })
        .nullish(),
      ...settings,
    })
    .nullish(),
});
export type ConnectedRegistryPatch = NonNullable<z.infer<typeof connectedRegistryPatchSchema>['properties']>;
