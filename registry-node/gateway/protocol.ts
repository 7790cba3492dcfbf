// The wire between a node and its parent (docs/sync-protocol.md): four calls under
// /acr/connected-registries/<name>/, JSON both ways. A parent may be newer than its children and the other way
// round: unknown properties are ignored on reading, and nothing here may ever change its meaning.
import { z } from 'zod';
import { type SyncFilter, syncFilterSchema } from '../selection/filter.ts';

export const gatewayPath = (connectedRegistry: string, call: GatewayCall): string =>
  `/acr/connected-registries/${encodeURIComponent(connectedRegistry)}/${call}`;
export type GatewayCall = 'activate' | 'sync' | 'notify' | 'deactivate';

/** How long a parent may let a round wait for something to happen. Below the 60 s after which proxies give up. */
export const waitSecondsMax = 55;

/** Salted hash of a password; the password itself never travels. See auth/password.ts for `verifier`. */
const passwordSchema = z.object({
  name: z.enum(['password1', 'password2']),
  verifier: z.string(),
  /** Absent: never expires. */
  expiry: z.iso.datetime({ offset: true }).optional(),
});

const tokenSchema = z.object({
  name: z.string(),
  status: z.enum(['enabled', 'disabled']),
  /** The scope map's rules. */
  actions: z.array(z.string()),
  passwords: z.array(passwordSchema),
});
export type TokenDocument = z.infer<typeof tokenSchema>;

/** All a node must know to serve while its parent is out of reach, its children's documents included. */
export interface NodeConfiguration {
  name: string;
  mode: 'ReadWrite' | 'ReadOnly';
  /** Five-field cron, UTC. `* * * * *` is continuous. */
  schedule: string;
  /** ISO 8601 durations. */
  syncWindow?: string | undefined;
  messageTtl: string;
  logLevel: 'Debug' | 'Information' | 'Warning' | 'Error' | 'None';
  garbageCollection: { enabled: boolean; schedule: string };
  notifications: string[];
  /** The scope-map rules of its own sync token: what it may copy. */
  grants: string[];
  /** What it wants of that; absent: all of it. */
  syncFilter?: SyncFilter | undefined;
  clientTokens: TokenDocument[];
  children: {
    syncToken: TokenDocument;
    configuration: NodeConfiguration;
    /** How often its name was given back by command. When it rises, the parent lets go of the instance that held it. */
    deactivations?: number | undefined;
    /** How often a full sync of it was asked for by command. When it rises, the parent asks it for one. */
    resyncs?: number | undefined;
  }[];
}
export const configurationSchema: z.ZodType<NodeConfiguration> = z.lazy(() =>
  z.object({
    name: z.string(),
    mode: z.enum(['ReadWrite', 'ReadOnly']),
    schedule: z.string(),
    syncWindow: z.string().optional(),
    messageTtl: z.string(),
    logLevel: z.enum(['Debug', 'Information', 'Warning', 'Error', 'None']),
    garbageCollection: z.object({ enabled: z.boolean(), schedule: z.string() }),
    notifications: z.array(z.string()),
    grants: z.array(z.string()),
    syncFilter: syncFilterSchema.optional(),
    clientTokens: z.array(tokenSchema),
    children: z.array(
      z.object({
        syncToken: tokenSchema,
        configuration: configurationSchema,
        deactivations: z.int().min(0).optional(),
        resyncs: z.int().min(0).optional(),
      }),
    ),
  }),
);

/** A trouble, in the words of ARM's `statusDetails`: any of them means Unhealthy, except for informational codes. */
const statusDetailSchema = z.object({
  type: z.string(),
  code: z.string(),
  description: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  correlationId: z.string(),
});
export type StatusDetail = z.infer<typeof statusDetailSchema>;

/** Codes of status details that inform and do not make a node Unhealthy. */
export const informationalStatusCodes: readonly string[] = [
  'DiskCapacityMetrics',
  'SyncBudgetSpent',
  'TagConflict',
];

export const syncTriggers = ['InitialSync', 'ManualResync', 'RecoveryService', 'SyncTokenUpdate'] as const;
export type SyncTrigger = (typeof syncTriggers)[number];

/**
 * What a node has of the cloud's feed, through however many nodes above it: all that was appended up to `cursor` and that it
 * may read is stored there. It holds for the grants that it was read with, and for no others.
 */
const appliedSchema = z.object({
  feedId: z.string(),
  cursor: z.int().min(0),
  /** What each sync token on the way may read, from the top down to the node itself: a `grantsRevision` each. */
  grants: z.array(z.string()).max(100),
});
export type Applied = z.infer<typeof appliedSchema>;

/** Content that passed between a node and its parent, manifests and blobs; and what an image needed and did not have to. */
export const countsSchema = z.object({
  receivedBytes: z.int().min(0),
  sentBytes: z.int().min(0),
  savedBytes: z.int().min(0),
});
export type TrafficCounts = z.infer<typeof countsSchema>;

export const statusSchema = z.object({
  version: z.string(),
  state: z.enum(['Online', 'Syncing']),
  statusDetails: z.array(statusDetailSchema),
  loginServer: z.object({ host: z.string(), tls: z.enum(['Enabled', 'Disabled']) }),
  /** End of the last round that left nothing to do, by the parent's clock. */
  lastSyncTime: z.iso.datetime({ offset: true }).optional(),
  /** When this node was last heard of: by its parent for a descendant, now for the node itself. */
  lastActivityTime: z.iso.datetime({ offset: true }),
  active: z.boolean(),
  storedBytes: z.int().min(0),
  outstandingBytes: z.int().min(0),
  /** Absent before the first full sync is complete, and when a parent on the way is too old to tell. */
  applied: appliedSchema.optional(),
  /** Digests of stored blobs and manifests whose bytes the disk has lost; the first hundred. */
  damaged: z.array(z.string()).max(100).optional(),
  /** Digests of images that `applied` has passed and that are not here, because they are damaged at the parent. */
  setAside: z.array(z.string()).max(200).optional(),
  /** The size of the data folder's file system, and what it has left for the node. */
  totalBytes: z.int().min(0).optional(),
  freeBytes: z.int().min(0).optional(),
  /** How fast the last copy that is worth measuring came in; absent before the first one. */
  bytesPerSecond: z.int().min(0).optional(),
  /** `run`: of the synchronisation that runs, or of the last one; `total`: since the data folder was made. */
  traffic: z.object({ run: countsSchema, total: countsSchema }).optional(),
});
export type NodeStatus = z.infer<typeof statusSchema>;

export const activateRequestSchema = z.object({
  /** Random, made at the first start and kept in the data folder. */
  instanceId: z.uuid(),
  status: statusSchema,
});
export type ActivateRequest = z.infer<typeof activateRequestSchema>;

export const activateResponseSchema = z.object({
  configuration: configurationSchema,
  revision: z.string(),
});
export type ActivateResponse = z.infer<typeof activateResponseSchema>;

export const syncRequestSchema = z.object({
  instanceId: z.uuid(),
  /** The last event applied; absent before the first full sync is complete. */
  cursor: z.int().min(0).optional(),
  /** The parent's feed that `cursor` belongs to: a parent restored from elsewhere has another. */
  feedId: z.string().optional(),
  /** What came with `cursor`: numbers of a parent that was restored from a copy stand for other events. */
  cursorMark: z.string().optional(),
  /** The configuration document that the node holds. */
  revision: z.string().optional(),
  /** What `cursor` was read with: a sync token that may read other repositories by now needs a full sync. */
  grantsRevision: z.string().optional(),
  /** In a full sync: where its previous page ended, as the parent said. */
  fullSyncAfter: z.string().optional(),
  /** While a long copy runs: no events come back, and what is waited for is another configuration. */
  reportOnly: z.boolean().optional(),
  /** The child keeps `applied`: another one than its status says is something to tell. */
  hearsApplied: z.boolean().optional(),
  /** How long the parent may wait for something to tell. 0 answers at once. */
  waitSeconds: z.int().min(0).max(waitSecondsMax),
  status: statusSchema,
  /** Every node below, however deep. */
  descendants: z.record(z.string(), statusSchema),
});
export type SyncRequest = z.infer<typeof syncRequestSchema>;

const eventSchema = z.object({
  seq: z.int(),
  repository: z.string(),
  action: z.enum(['push', 'delete', 'tag', 'untag']),
  digest: z.string(),
  tag: z.string().optional(),
  mediaType: z.string(),
  size: z.int(),
  /** To a node of whose children one wants the newest tags: when the tag was moved where it was moved first, Unix milliseconds. */
  movedAt: z.int().optional(),
  /** In a repository with a rule: what the manifest refers to. Whoever does not have that does not want the manifest. */
  subject: z.string().optional(),
  /** The connected registry it came from, when one of the parent's children pushed it up. */
  origin: z.string().optional(),
});
export type WireEvent = z.infer<typeof eventSchema>;

/** One line of the parent's full listing: a manifest with the tags on it. */
const listingEntrySchema = z.object({
  repository: z.string(),
  digest: z.string(),
  mediaType: z.string(),
  size: z.int(),
  tags: z.array(z.string()),
  /** Of each of the tags; see `movedAt` of an event. */
  movedAt: z.array(z.int()).optional(),
  /**
   * To a ReadWrite node: tags that its filter does not select, and a manifest that it does not. They are not copied, and they
   * stay if they are there, for it may be that they were pushed there.
   */
  unselectedTags: z.array(z.string()).optional(),
  unselected: z.boolean().optional(),
});
export type ListingEntry = z.infer<typeof listingEntrySchema>;

const fullSyncSchema = z.object({
  trigger: z.enum(syncTriggers),
  /**
   * In byte order of repository and digest. None in the answer that announces the full sync: the node then asks for the
   * pages, so that an answer which was lost on the way announces it again.
   */
  entries: z.array(listingEntrySchema),
  /** Send back as `fullSyncAfter` for the next page; absent on the last. */
  next: z.string().optional(),
  /** On the last page: tags that the child moved to `ours`, or took away, after others had moved them to `theirs` unheard. */
  overruled: z
    .array(
      z.object({
        repository: z.string(),
        tag: z.string(),
        ours: z.string().optional(),
        theirs: z.string(),
      }),
    )
    .optional(),
});
export type FullSyncPage = z.infer<typeof fullSyncSchema>;

export const syncResponseSchema = z.object({
  serverTime: z.iso.datetime({ offset: true }),
  feedId: z.string(),
  /** Only when the node's revision is not the newest. */
  configuration: configurationSchema.optional(),
  revision: z.string(),
  /** Send back with `cursor`. */
  grantsRevision: z.string(),
  events: z.array(eventSchema),
  /** Repositories of which only the newest tags are wanted, and in which something changed: all that is selected by now. */
  selections: z.array(z.object({ repository: z.string(), entries: z.array(listingEntrySchema) })).optional(),
  /** Where the node stands once it has applied `events` (or the last page of the full sync). */
  cursor: z.int(),
  /** Send back with `cursor`; absent when there is no event with that number any more. */
  cursorMark: z.string().optional(),
  /** What the parent had of the cloud's feed before it read `events`: the child has it, too, once it has applied them all. */
  applied: appliedSchema.optional(),
  /** There are more events: ask again at once. */
  more: z.boolean(),
  fullSync: fullSyncSchema.optional(),
});
export type SyncResponse = z.infer<typeof syncResponseSchema>;

/** Of one call; a parent takes no more. */
export const notificationsMax = 500;

/** What happened to an artifact at a connected registry, for whoever the registry at the top tells of it. */
export const notificationSchema = z.object({
  /** The same whenever the event is told again. */
  id: z.uuid(),
  /** Where it happened, and what clients call the place. */
  connectedRegistry: z.string(),
  loginServer: z.string(),
  action: z.enum(['push', 'delete']),
  at: z.iso.datetime({ offset: true }),
  repository: z.string(),
  digest: z.string(),
  mediaType: z.string(),
  /** Bytes of the manifest. */
  size: z.int().min(0),
  /** Of a push: the tag that was set. */
  tag: z.string().optional(),
  /** Of a deletion: the tags that went with it. */
  tags: z.array(z.string()).optional(),
});
export type Notification = z.infer<typeof notificationSchema>;

export const notifyRequestSchema = z.object({
  instanceId: z.uuid(),
  /** Oldest first. Once answered, the parent has made them durable. */
  notifications: z.array(notificationSchema).max(notificationsMax),
});
export type NotifyRequest = z.infer<typeof notifyRequestSchema>;

export const deactivateRequestSchema = z.object({ instanceId: z.uuid() });
