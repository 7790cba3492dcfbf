// The policies of a registry: `az acr config …` shows and changes one at a time.
import { requirePremium } from '../../client/premium.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { Registry } from '../../client/resources.ts';
import type { Context } from '../../context.ts';

export type Policy = { status?: string; [name: string]: unknown };

/** The version of the management API that knows all of them. */
const version = 'api-version=2023-11-01-preview';
const premiumOnly = 'Policies are only supported for managed registries in Premium SKU.';

interface Which {
  /** Its name in ARM, e.g. `retentionPolicy`. */
  name: string;
  registry: { registry: string; group: string | undefined };
  premium: boolean;
}

interface WithPolicies {
  properties: { policies: Record<string, Policy | undefined> };
}

export async function showPolicy(context: Context, which: Which): Promise<Policy | undefined> {
  return policyOf(await read(context, await idOf(context, which)), which);
}

/** @param changes what is undefined stays as it is */
export async function updatePolicy(
  context: Context,
  which: Which,
  changes: Policy,
): Promise<Policy | undefined> {
  const id = await idOf(context, which);
  const body = { properties: { policies: { [which.name]: changes } } };
  return policyOf(await (await context.arm()).patch<WithPolicies>(`${id.path}?${version}`, body), which);
}

async function idOf(context: Context, { registry, premium }: Which): Promise<RegistryId> {
  const id = await context.registry(registry);
  if (premium) await requirePremium(await context.arm(), id, premiumOnly);
  return id;
}

async function read(context: Context, { path }: RegistryId): Promise<WithPolicies> {
  return (await context.arm()).get<Registry & WithPolicies>(`${path}?${version}`);
}

function policyOf({ properties }: WithPolicies, { name }: Which): Policy | undefined {
  return properties.policies[name];
}
