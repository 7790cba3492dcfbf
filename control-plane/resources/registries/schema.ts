// A container registry: what clients send, what is kept, what the wire shows (Azure REST API, Registries).
import { z } from 'zod';
import { enumeration } from '../../arm/enumeration.ts';
import { type Envelope, toEnvelope } from '../../arm/envelope.ts';
import { offsetTime, zuluTime } from '../../arm/instant.ts';
import { resourceTypes } from '../../arm/resource-id.ts';
import type { Hosts } from '../../cloud-registry/hosts.ts';
import { type Resource, resourceKind, skus } from '../../store/resource.ts';
import { tagsSchema } from '../resource-groups/schema.ts';

export const adminPasswordNames = ['password', 'password2'] as const;
export type AdminPasswordName = (typeof adminPasswordNames)[number];

export interface RegistryProperties {
  /** ISO 8601. */
  creationDate: string;
  provisioningState: 'Creating' | 'Succeeded' | 'Failed';
  adminUserEnabled: boolean;
  anonymousPullEnabled: boolean;
  dataEndpointEnabled: boolean;
  /** Whether tokens for ARM are good for `/oauth2/exchange` too. */
  armAudienceEnabled: boolean;
  /** Tells a registry from an earlier one of the same name. */
  uid: string;
  /** Counts how often each of the admin user's passwords was regenerated; the passwords derive from it. */
  adminPasswordGenerations: Record<AdminPasswordName, number>;
  /** Local mode: where its login server listens on this machine. */
  port?: number | undefined;
}
export const registryKind = resourceKind<RegistryProperties>(resourceTypes.registry);

const status = (): z.ZodType<'enabled' | 'disabled', string> => enumeration(['enabled', 'disabled']);

/** Members that are not named here are not kept; rules.ts refuses those that ask for what is not offered. */
const propertiesSchema = z
  .looseObject({
    adminUserEnabled: z.boolean().nullish(),
    anonymousPullEnabled: z.boolean().nullish(),
    dataEndpointEnabled: z.boolean().nullish(),
    policies: z
      .looseObject({ azureADAuthenticationAsArmPolicy: z.object({ status: status() }).nullish() })
      .nullish(),
  })
  .nullish();

const skuSchema = z.object({ name: enumeration([...skus, 'Classic']) });

export const registryPutSchema = z.object({
  location: z.string().min(1),
  sku: skuSchema,
  tags: tagsSchema.nullish(),
  properties: propertiesSchema,
});
export const registryPatchSchema = z.object({
  sku: skuSchema.nullish(),
  tags: tagsSchema.nullish(),
  properties: propertiesSchema,
});
export type RegistryInput = z.infer<typeof registryPatchSchema>;

export const checkNameSchema = z.object({ name: z.string(), type: z.string() });
export const regenerateCredentialSchema = z.object({ name: enumeration(adminPasswordNames) });

export function toRegistry(registry: Resource<RegistryProperties>, hosts: Hosts): Envelope {
  const { properties } = registry;
  const lastUpdatedTime = offsetTime(properties.creationDate);
  return toEnvelope(registry, {
    loginServer: hosts.loginServer(registry),
    creationDate: zuluTime(properties.creationDate),
    provisioningState: properties.provisioningState,
    adminUserEnabled: properties.adminUserEnabled,
    networkRuleSet: registry.sku === 'Premium' ? { defaultAction: 'Allow', ipRules: [] } : undefined,
    policies: {
      quarantinePolicy: { status: 'disabled' },
      trustPolicy: { type: 'Notary', status: 'disabled' },
      retentionPolicy: { days: 7, lastUpdatedTime, status: 'disabled' },
      exportPolicy: { status: 'enabled' },
      azureADAuthenticationAsArmPolicy: { status: properties.armAudienceEnabled ? 'enabled' : 'disabled' },
      softDeletePolicy: { retentionDays: 7, lastUpdatedTime, status: 'disabled' },
    },
    encryption: { status: 'disabled' },
    dataEndpointEnabled: properties.dataEndpointEnabled,
    dataEndpointHostNames: properties.dataEndpointEnabled ? [hosts.dataEndpoint(registry)] : [],
    privateEndpointConnections: [],
    publicNetworkAccess: 'Enabled',
    networkRuleBypassOptions: 'AzureServices',
    zoneRedundancy: 'Disabled',
    anonymousPullEnabled: properties.anonymousPullEnabled,
    metadataSearch: 'Disabled',
  });
}
