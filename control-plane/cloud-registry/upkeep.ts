// The upkeep of a registry, by the name that the person at the control socket typed.
import { OciError } from '../../registry-node/oci/errors.ts';
import type { Upkeep } from '../../registry-node/upkeep/upkeep.ts';
import type { CloudRegistries } from './registries.ts';

/** @returns the call that finds it. @throws OciError NAME_UNKNOWN */
export function findUpkeep(
  registries: CloudRegistries,
): (parameters: Readonly<Record<string, string>>) => Promise<Upkeep> {
  return async ({ registry = '' }) => {
    const found = registries.named(registry.toLowerCase());
    if (found) return found.upkeep;
    throw new OciError('NAME_UNKNOWN', `no registry '${registry}' is served here`);
  };
}
