// What a file that describes an estate may say (docs/estate.md). What it leaves out is left as it is.
import { z } from 'zod';
import { repositoryActions } from '../../registry-node/oci/scope.ts';

const name = z.string().min(1).max(100);
const names = z.array(name).max(1000);
const actionsOfRepository = z.array(z.enum(repositoryActions)).min(1);

const scopeMap = z.strictObject({
  name,
  description: z.string().max(256).optional(),
  /** Repository -> what its holders may do there. */
  repositories: z.record(z.string(), actionsOfRepository),
});

const token = z.strictObject({
  name,
  scopeMap: name,
  status: z.enum(['enabled', 'disabled']).default('enabled'),
});

const connectedRegistry = z.strictObject({
  name: name.min(5).max(40),
  mode: z.enum(['ReadWrite', 'ReadOnly']).default('ReadOnly'),
  /** Another connected registry. Absent: the cloud registry. */
  parent: name.optional(),
  /** What it synchronises, with a sync token and a scope map of its own name. */
  repositories: names.min(1),
  schedule: z.string().optional(),
  syncWindow: z.string().optional(),
  messageTtl: z.string().optional(),
  logLevel: z.enum(['Debug', 'Information', 'Warning', 'Error', 'None']).optional(),
  clientTokens: names.optional(),
  notifications: z.array(z.string()).max(1000).optional(),
  /** See --sync-filter; the control plane says what it may say. */
  syncFilter: z.array(z.unknown()).max(100).optional(),
  garbageCollection: z
    .strictObject({ enabled: z.boolean().optional(), schedule: z.string().optional() })
    .optional(),
});

const registry = z.strictObject({
  name,
  group: name,
  location: name.optional(),
  sku: z.enum(['Basic', 'Standard', 'Premium']),
  adminUserEnabled: z.boolean().optional(),
  anonymousPullEnabled: z.boolean().optional(),
  dataEndpointEnabled: z.boolean().optional(),
  scopeMaps: z.array(scopeMap).max(10_000).optional(),
  tokens: z.array(token).max(10_000).optional(),
  connectedRegistries: z.array(connectedRegistry).max(1000).optional(),
});

export const estateSchema = z.strictObject({
  groups: z
    .array(z.strictObject({ name, location: name }))
    .max(1000)
    .optional(),
  registries: z.array(registry).max(1000).optional(),
});

export type Estate = z.infer<typeof estateSchema>;
export type EstateRegistry = z.infer<typeof registry>;
export type EstateConnected = z.infer<typeof connectedRegistry>;
