// What the commands on replications share.
import { requirePremium } from '../../client/premium.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { Registry } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { registryOfChild } from '../../options/registry.ts';
import { text, threeState } from '../../parse/option.ts';

export const replicationOptions = {
  ...registryOfChild,
  name: text('--name -n', 'The name of the replication.', { required: true }),
};

/** Its older name is `--region-endpoint-enabled`. */
export const globalEndpointRouting = threeState(
  '--global-endpoint-routing --region-endpoint-enabled',
  'Whether requests to the login server may be answered by this replication.',
);

/** @throws CliError for a registry of another tier */
export async function requireReplicated(
  context: Context,
  options: { registry: string; group: string | undefined },
): Promise<{ id: RegistryId; registry: Registry }> {
  const id = await context.registry(options);
  const refusal = 'Replications are only supported for managed registries in Premium SKU.';
  return { id, registry: await requirePremium(await context.arm(), id, refusal) };
}
