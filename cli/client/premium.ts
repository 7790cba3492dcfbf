// Some things only a registry of the Premium tier can do; az says so before it asks the service.
import { failure } from '../errors.ts';
import type { Arm } from './arm.ts';
import type { RegistryId } from './registry-id.ts';
import type { Registry } from './resources.ts';

/** @param refusal what is said of a registry of another tier. @throws CliError */
export async function requirePremium(arm: Arm, { path }: RegistryId, refusal: string): Promise<Registry> {
  const registry = await arm.get<Registry>(path);
  if (registry.sku.name === 'Premium') return registry;
  throw failure(refusal, `Change the tier with 'acrc update -n ${registry.name} --sku Premium'.`);
}
