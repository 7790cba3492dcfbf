// Creating and updating a registry: what PUT and PATCH share. The resource is checked and kept in one transaction;
// its login server opens afterwards, in the background, and says by the provisioning state when it serves.
import { randomUUID } from 'node:crypto';
import { ArmError } from '../../arm/errors.ts';
import {
  keyOf,
  registryId,
  type ResourceKey,
  type ResourceType,
  resourceTypes,
} from '../../arm/resource-id.ts';
import type { RegistryParams } from '../../arm/route-paths.ts';
import { type ArmCaller, savedBy } from '../../arm/system-data.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceChange, ResourceReader } from '../../store/resources.ts';
import { type ResourceContext, requireLastingGroup } from '../context.ts';
import { normaliseLocation } from '../resource-groups/rules.ts';
import { mergeIdentity } from './identity.ts';
import { checkFixed, checkRegistryName, checkSettings, checkSku, checkTier, type Held } from './rules.ts';
import { type RegistryInput, registryKind, type RegistryProperties } from './schema.ts';
import { mergeSettings, settingsOf } from './settings.ts';

export interface RegistrySave {
  params: RegistryParams;
  body: RegistryInput;
  /** Given for PUT; a registry cannot move. */
  location?: string;
  caller: ArmCaller;
}

/** @returns the registry as kept, and whether its login server is still to be opened */
export async function saveRegistry(
  context: ResourceContext,
  { params, body, location, caller }: RegistrySave,
): Promise<{ registry: Resource<RegistryProperties>; created: boolean }> {
  return context.resources.change(async (change) => {
    const group = await requireLastingGroup(context, change, params);
    const key = keyOf(registryId(group.id, params.registry));
    const before = await change.get(registryKind, key);
    // One whose login server could not open is begun anew, by a PUT.
    const isAnew = location !== undefined && before?.properties.provisioningState === 'Failed';
    const begun = isAnew ? undefined : before?.properties;
    const now = context.clock.now();
    if (!before) await checkNewName(change, params.registry);
    if (before && location !== undefined) checkSameLocation(before, location, params);
    const first = begun ?? (await fresh(context, change));
    const settings = mergeSettings(settingsOf(first), body.properties, now);
    checkSettings(settings);
    if (begun) checkFixed(settingsOf(begun), settings);
    const registry: Resource<RegistryProperties> = {
      id: before?.id ?? registryId(group.id, params.registry),
      type: registryKind.type,
      name: before?.name ?? params.registry,
      location: before?.location ?? normaliseLocation(location ?? ''),
      tags: body.tags ?? before?.tags ?? {},
      sku: body.sku ? checkSku(body.sku.name) : before?.sku,
      systemData: savedBy(caller, now, before?.systemData),
      properties: {
        ...merge(first, body.properties),
        settings,
        identity: mergeIdentity(first.identity, body.identity, context.settings.tenantId),
      },
    };
    checkTier(registry, await heldBy(change, key));
    await change.put(registry, keyOf(group.id));
    // One whose operation could not be kept, on a full disk for instance, is made by nobody before the next start.
    const isLeft = begun?.provisioningState === 'Creating' && !context.registries.isOpening(key);
    return { registry, created: !begun || (isLeft && location !== undefined) };
  });
}

async function fresh(context: ResourceContext, change: ResourceChange): Promise<RegistryProperties> {
  const others = await change.all(registryKind);
  return {
    creationDate: context.clock.now().toISOString(),
    provisioningState: 'Creating',
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    dataEndpointEnabled: false,
    armAudienceEnabled: true,
    uid: randomUUID(),
    adminPasswordGenerations: { password: 0, password2: 0 },
    port: await context.hosts.assignPort(new Set(others.map(({ properties }) => properties.port))),
  };
}

/** How many of each kind live in it. */
export async function heldBy(reader: ResourceReader, registry: ResourceKey): Promise<Held> {
  const count = (type: ResourceType): Promise<number> => reader.count({ type }, registry);
  return {
    connectedRegistries: await count(resourceTypes.connectedRegistry),
    replications: await count(resourceTypes.replication),
    webhooks: await count(resourceTypes.webhook),
    scopeMaps: await count(resourceTypes.scopeMap),
    tokens: await count(resourceTypes.token),
  };
}

function merge(before: RegistryProperties, input: RegistryInput['properties']): RegistryProperties {
  const audience = input?.policies?.azureADAuthenticationAsArmPolicy?.status;
  return {
    ...before,
    adminUserEnabled: input?.adminUserEnabled ?? before.adminUserEnabled,
    anonymousPullEnabled: input?.anonymousPullEnabled ?? before.anonymousPullEnabled,
    dataEndpointEnabled: input?.dataEndpointEnabled ?? before.dataEndpointEnabled,
    armAudienceEnabled: audience ? audience === 'enabled' : before.armAudienceEnabled,
  };
}

async function checkNewName(change: ResourceChange, name: string): Promise<void> {
  checkRegistryName(name);
  if (!(await change.named(registryKind, name))) return;
  throw new ArmError(
    'AlreadyInUse',
    `The registry DNS name ${name.toLowerCase()} is already in use. You can check if a name is already claimed with the action checkNameAvailability.`,
  );
}

function checkSameLocation(
  before: Resource<RegistryProperties>,
  location: string,
  params: RegistryParams,
): void {
  const asked = normaliseLocation(location);
  if (asked === before.location) return;
  throw new ArmError(
    'InvalidResourceLocation',
    `The resource '${before.name}' already exists in location '${before.location}' in resource group '${params.resourceGroup}'. ` +
      `A resource with the same name cannot be created in location '${asked}'. Please select a new resource name.`,
  );
}
