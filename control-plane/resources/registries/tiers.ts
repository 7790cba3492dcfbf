// What each tier of a registry may have (Azure Container Registry, "Service tiers"). `listUsages` shows it and the
// rules enforce it.
import type { SkuName } from '../../store/resource.ts';

interface Tier {
  includedStorageGib: number;
  webhooks: number;
  /** -1: no limit. */
  geoReplications: number;
  ipRules: number;
  virtualNetworkRules: number;
  privateEndpoints: number;
  scopeMaps: number;
  tokens: number;
  anonymousPull: boolean;
  connectedRegistries: number;
}

const none = {
  geoReplications: 0,
  ipRules: 0,
  virtualNetworkRules: 0,
  privateEndpoints: 0,
};

export const tiers: Readonly<Record<SkuName, Tier>> = {
  Basic: {
    ...none,
    includedStorageGib: 10,
    webhooks: 2,
    scopeMaps: 100,
    tokens: 100,
    anonymousPull: false,
    connectedRegistries: 0,
  },
  Standard: {
    ...none,
    includedStorageGib: 100,
    webhooks: 10,
    scopeMaps: 500,
    tokens: 500,
    anonymousPull: true,
    connectedRegistries: 0,
  },
  Premium: {
    includedStorageGib: 500,
    webhooks: 500,
    geoReplications: -1,
    ipRules: 100,
    virtualNetworkRules: 100,
    privateEndpoints: 200,
    scopeMaps: 50_000,
    tokens: 50_000,
    anonymousPull: true,
    connectedRegistries: 50,
  },
};

/** `GET …/listUsages`, in the recorded order. */
export function toUsages(
  sku: SkuName,
  used: Record<'bytes' | 'webhooks' | 'replications' | 'ipRules' | 'scopeMaps' | 'tokens', number>,
): { value: object[] } {
  const tier = tiers[sku];
  const count = (name: string, limit: number, currentValue = 0): object => ({
    name,
    limit,
    currentValue,
    unit: 'Count',
  });
  return {
    value: [
      { name: 'Size', limit: tier.includedStorageGib * 1024 ** 3, currentValue: used.bytes, unit: 'Bytes' },
      count('Webhooks', tier.webhooks, used.webhooks),
      count('Geo-replications', tier.geoReplications, used.replications),
      count('IPRules', tier.ipRules, used.ipRules),
      count('VNetRules', tier.virtualNetworkRules),
      count('PrivateEndpointConnections', tier.privateEndpoints),
      count('ScopeMaps', tier.scopeMaps, used.scopeMaps),
      count('Tokens', tier.tokens, used.tokens),
    ],
  };
}
