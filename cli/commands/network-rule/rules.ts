// The network rules of a registry: from where it may be reached when the default is to refuse. They are written as a whole.
import { requirePremium } from '../../client/premium.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { Registry } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { registryByName } from '../../options/registry.ts';
import { text } from '../../parse/option.ts';

export const ruleOptions = {
  ...registryByName,
  ipAddress: text('--ip-address', 'An IPv4 address, or a range such as 203.0.113.0/24.', { required: true }),
};

/** The oldest that shows rules for networks beside those for addresses, so that a change loses none. */
const version = 'api-version=2026-03-01-preview';

interface Rules {
  defaultAction: string;
  ipRules: { action: string; value: string }[];
  virtualNetworkRules?: unknown[];
}
type Ruled = Registry & { properties: { networkRuleSet: Rules } };

const refusal = 'Network rules are only supported for managed registries in Premium SKU.';

export async function readRules(
  context: Context,
  options: { registry: string; group: string | undefined },
): Promise<{ id: RegistryId; rules: Rules }> {
  const id = await context.registry(options);
  const arm = await context.arm();
  await requirePremium(arm, id, refusal);
  return { id, rules: (await arm.get<Ruled>(`${id.path}?${version}`)).properties.networkRuleSet };
}

/** @param change the addresses as they are to be */
export async function changeAddresses(
  context: Context,
  options: { registry: string; group: string | undefined },
  change: (addresses: readonly string[]) => readonly string[],
): Promise<unknown> {
  const { id, rules } = await readRules(context, options);
  const addresses = change(rules.ipRules.map(({ value }) => value));
  const ipRules = addresses.map((value) => ({ action: 'Allow', value }));
  const body = { properties: { networkRuleSet: { ...rules, ipRules } } };
  return (await context.arm()).patch(`${id.path}?${version}`, body);
}
