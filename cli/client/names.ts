// The names of what the control plane knows, for choosing from a list and for completion.
import type { Context } from '../context.ts';
import type { Resource } from '../parse/option.ts';
import { readPages } from './registry-pages.ts';

/** Where names are looked for: the values of a command's options so far. */
type Values = Readonly<Record<string, unknown>>;

const children = {
  token: 'tokens',
  'scope-map': 'scopeMaps',
  'connected-registry': 'connectedRegistries',
} as const;

/** @returns names in order; none when they belong to a registry that is not known yet. @throws CliError */
export async function namesOf(resource: Resource, context: Context, values: Values): Promise<string[]> {
  const names = await list(resource, context, values);
  return names.sort();
}

async function list(resource: Resource, context: Context, values: Values): Promise<string[]> {
  const arm = await context.arm();
  const named = async (path: string): Promise<string[]> =>
    (await arm.list<{ name: string }>(path)).map(({ name }) => name);
  if (resource === 'group') return named(`/subscriptions/${await context.subscription()}/resourcegroups`);
  const group = typeof values.group === 'string' ? values.group : undefined;
  if (resource === 'registry') {
    const scope = `/subscriptions/${await context.subscription()}`;
    const within = group === undefined ? scope : `${scope}/resourceGroups/${encodeURIComponent(group)}`;
    return named(`${within}/providers/Microsoft.ContainerRegistry/registries`);
  }
  if (typeof values.registry !== 'string') return [];
  const id = await context.registry({ registry: values.registry, group });
  if (resource !== 'repository') return named(id.child(children[resource]));
  const request = { path: '/v2/_catalog', scope: 'registry:catalog:*', top: undefined };
  return readPages<string>(await context.dataPlane(id), request, 'repositories');
}
