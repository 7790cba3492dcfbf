// What a registry may be called and ask for.
import { isIPv4 } from 'node:net';
import { ArmError } from '../../arm/errors.ts';
import type { Resource, SkuName } from '../../store/resource.ts';
import type { RegistryProperties } from './schema.ts';
import { type RegistrySettings, settingsOf } from './settings.ts';
import { tiers } from './tiers.ts';

const namePattern = /^[a-zA-Z0-9]{5,50}$/;

export function isRegistryName(name: string): boolean {
  return namePattern.test(name);
}

export const registryNameRule =
  'A registry name is 5 to 50 characters long and holds only letters and digits.';

/** @throws ArmError InvalidResourceName */
export function checkRegistryName(name: string): void {
  if (!isRegistryName(name)) {
    throw new ArmError('InvalidResourceName', `The registry name '${name}' is invalid. ${registryNameRule}`);
  }
}

/** @throws ArmError ClassicSkuDeprecated */
export function checkSku(name: SkuName | 'Classic'): SkuName {
  if (name !== 'Classic') return name;
  throw new ArmError(
    'ClassicSkuDeprecated',
    'Classic SKU is now deprecated. Please select a managed SKU: Basic, Standard or Premium.',
    'sku.name',
  );
}

/** What must go before a registry leaves the tier that allows it, and what it may not have more of. */
export interface Held {
  connectedRegistries: number;
  replications: number;
  webhooks: number;
  scopeMaps: number;
  tokens: number;
}

/**
 * Checks the registry as it would be.
 * @param held what it has. @throws ArmError BadRequest, SkuNotSupported, NetworkRuleNotSupported,
 * DisablingPublicNetworkAccessNotSupported, Conflict
 */
export function checkTier(registry: Resource<RegistryProperties>, held: Held): void {
  const { sku = 'Basic', properties } = registry;
  checkHeld(registry, held);
  if (properties.anonymousPullEnabled && !tiers[sku].anonymousPull) {
    throw new ArmError(
      'BadRequest',
      `Anonymous pull is not supported for SKU Managed_${sku}. For more information on SKU tiers, please visit https://aka.ms/acr/tiers.`,
    );
  }
  if (sku === 'Premium') return;
  const settings = settingsOf(properties);
  if (settings.publicNetworkAccess === 'Disabled') {
    throw new ArmError(
      'DisablingPublicNetworkAccessNotSupported',
      `Disabling public network access is not supported for the SKU ${sku}. For more information, please visit https://aka.ms/acr/private-link.`,
    );
  }
  const { defaultAction, ipRules, virtualNetworkRules } = settings.networkRuleSet;
  if (defaultAction === 'Deny' || ipRules.length > 0 || virtualNetworkRules.length > 0) {
    throw new ArmError(
      'NetworkRuleNotSupported',
      `The requested feature virtual network rule is not supported for the SKU ${sku}.`,
    );
  }
  const asked = premiumFeatures.find(({ isUsed }) => isUsed(properties, settings));
  if (!asked) return;
  throw new ArmError(
    'SkuNotSupported',
    `${asked.feature} not supported for the SKU ${sku}. For more information on SKU tiers, please visit https://aka.ms/acr/tiers.`,
    asked.path,
  );
}

/** Azure Container Registry, "Service tiers": what else only Premium offers. */
const premiumFeatures: readonly {
  path: string;
  feature: string;
  isUsed: (properties: RegistryProperties, settings: RegistrySettings) => boolean;
}[] = [
  {
    path: 'properties.dataEndpointEnabled',
    feature: 'Dedicated data endpoints are',
    isUsed: ({ dataEndpointEnabled }) => dataEndpointEnabled,
  },
  {
    path: 'properties.policies.retentionPolicy',
    feature: 'A retention policy for untagged manifests is',
    isUsed: (_, { policies }) => policies.retentionPolicy.status === 'enabled',
  },
  {
    path: 'properties.policies.trustPolicy',
    feature: 'Content trust is',
    isUsed: (_, { policies }) => policies.trustPolicy.status === 'enabled',
  },
  {
    path: 'properties.policies.exportPolicy',
    feature: 'Disabling exports is',
    isUsed: (_, { policies }) => policies.exportPolicy.status === 'disabled',
  },
  {
    path: 'properties.encryption',
    feature: 'Encryption with a customer-managed key is',
    isUsed: (_, { encryption }) => encryption.status === 'enabled',
  },
];

function checkHeld({ name, sku = 'Basic', properties }: Resource<RegistryProperties>, held: Held): void {
  const tier = tiers[sku];
  if (held.connectedRegistries > 0 && (tier.connectedRegistries === 0 || !properties.dataEndpointEnabled)) {
    throw new ArmError(
      'Conflict',
      `The registry ${name} has ${held.connectedRegistries} connected registries, which need the SKU Premium and dedicated data endpoints. Delete them first.`,
    );
  }
  if (held.replications > 0 && tier.geoReplications === 0) {
    throw new ArmError(
      'Conflict',
      `The registry ${name} has ${held.replications} replications, which need the SKU Premium. Delete them first.`,
    );
  }
  for (const kind of ['webhooks', 'scopeMaps', 'tokens'] as const) {
    if (held[kind] <= tier[kind]) continue;
    throw new ArmError(
      'Conflict',
      `The registry ${name} has ${held[kind]} ${kind}, and the SKU ${sku} allows ${tier[kind]}. Delete some first.`,
    );
  }
}

/** @throws ArmError PropertyChangeNotAllowed: what a registry is made with and keeps */
export function checkFixed(before: RegistrySettings, after: RegistrySettings): void {
  const fixed = ['zoneRedundancy', 'autoGeneratedDomainNameLabelScope'] as const;
  const changed = fixed.find((name) => before[name] !== after[name]);
  if (changed === undefined) return;
  throw new ArmError(
    'PropertyChangeNotAllowed',
    `Changing property 'properties.${changed}' is not allowed. Create another registry instead.`,
    `properties.${changed}`,
  );
}

/** @throws ArmError InvalidPropertyValue, QuotaExceeded */
export function checkSettings(settings: RegistrySettings): void {
  const { ipRules, virtualNetworkRules } = settings.networkRuleSet;
  const path = 'properties.networkRuleSet';
  for (const { value } of ipRules) checkAddresses(value, `${path}.ipRules`);
  const limits = { ipRules: tiers.Premium.ipRules, virtualNetworkRules: tiers.Premium.virtualNetworkRules };
  for (const [name, rules] of Object.entries({ ipRules, virtualNetworkRules })) {
    const max = limits[name as keyof typeof limits];
    if (rules.length <= max) continue;
    throw new ArmError(
      'QuotaExceeded',
      `A registry has at most ${max} ${name}, and ${rules.length} were given.`,
      `${path}.${name}`,
    );
  }
  const { keyIdentifier, identity } = settings.encryption.keyVaultProperties ?? {};
  if (settings.encryption.status === 'enabled' && !(keyIdentifier && identity))
    throw new ArmError(
      'InvalidPropertyValue',
      'Encryption needs the identifier of a key and the client id of the identity that may read it.',
      'properties.encryption.keyVaultProperties',
    );
  if (settings.policies.exportPolicy.status === 'disabled' && settings.publicNetworkAccess === 'Enabled')
    throw new ArmError(
      'InvalidPropertyValue',
      'Exports can only be disabled where the public network access is disabled, too.',
      'properties.policies.exportPolicy',
    );
}

/** An IPv4 address, or a range of them in CIDR form. @throws ArmError InvalidPropertyValue */
function checkAddresses(value: string, target: string): void {
  const [address = '', bits, ...more] = value.split('/');
  const isRange = bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) <= 32);
  if (isIPv4(address) && isRange && more.length === 0) return;
  throw new ArmError(
    'InvalidPropertyValue',
    `'${value}' is not an address. Expected an IPv4 address or a range of them, like 203.0.113.7 or 203.0.113.0/24.`,
    target,
  );
}
