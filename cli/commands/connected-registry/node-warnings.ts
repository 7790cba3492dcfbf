// What keeps things from coming to a site, said beside whatever is shown of it.
import type { RegistryId } from '../../client/registry-id.ts';
import type { ConnectedRegistry } from '../../client/resources.ts';
import type { Context } from '../../context.ts';

export function warnOfNode(
  context: Context,
  registry: RegistryId,
  { name, properties }: ConnectedRegistry,
): void {
  for (const { code, description } of properties.statusDetails ?? []) context.warn(`${code}: ${description}`);
  if (properties.activation?.status === 'Active') return;
  context.warn(
    `No node has taken the name '${name}', so nothing comes. 'acrc connected-registry get-settings -r ${registry.name} ` +
      `-n ${name} --parent-protocol https --generate-password 1' prints the connection string to start one with.`,
  );
}
