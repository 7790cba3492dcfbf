// A registry as large as its tier allows somebody to need: what it holds, and how fast it was made.
import { waitFor } from '../../fixtures/wait-for.ts';
import type { ArmClient } from './client.ts';

export const population = { scopeMaps: 2000, tokens: 2000, connectedRegistries: 50 } as const;
export const apiVersion = 'api-version=2025-11-01';
const writersAtOnce = 8;

export interface Populated {
  /** Id of the registry. */
  registry: string;
  resourcesPerSecond: number;
}

export const nameOf = (kind: keyof typeof population, index: number): string =>
  `${kind.slice(0, -1).toLowerCase()}${String(index).padStart(5, '0')}`;

export async function populate(client: ArmClient): Promise<Populated> {
  const { id: registry } = await makeRegistry(client, 'benchregistry');
  const put = (id: string, body: object): Promise<unknown> => client.send('PUT', `${id}?${apiVersion}`, body);
  const startedMs = performance.now();
  for (const kind of ['scopeMaps', 'tokens', 'connectedRegistries'] as const)
    await inParallel(population[kind], (index) =>
      put(`${registry}/${kind}/${nameOf(kind, index)}`, { properties: bodies[kind](registry, index) }),
    );
  const made = population.scopeMaps + population.tokens + population.connectedRegistries;
  return { registry, resourcesPerSecond: (made * 1000) / (performance.now() - startedMs) };
}

/** @returns its id, and its login server, e.g. `localhost:5100` */
export async function makeRegistry(
  client: ArmClient,
  name: string,
): Promise<{ id: string; loginServer: string }> {
  const group = `${client.subscription}/resourceGroups/bench`;
  const id = `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
  await client.send('PUT', `${group}?${apiVersion}`, { location: 'westeurope' });
  const properties = { dataEndpointEnabled: true };
  const premium = { location: 'westeurope', sku: { name: 'Premium' }, properties };
  await client.send('PUT', `${id}?${apiVersion}`, premium);
  const loginServer = await waitFor(name, async () => {
    const shown = (await client.send('GET', `${id}?${apiVersion}`)) as {
      properties: { provisioningState: string; loginServer: string };
    };
    return shown.properties.provisioningState === 'Succeeded' && shown.properties.loginServer;
  });
  return { id, loginServer };
}

const bodies: Record<keyof typeof population, (registry: string, index: number) => object> = {
  scopeMaps: (_, index) => ({
    description: `What line ${index} may do`,
    actions: ['content/read', 'content/write', 'metadata/read'].map(
      (action) => `repositories/line-${index}/*/${action}`,
    ),
  }),
  tokens: (registry, index) => ({ scopeMapId: `${registry}/scopeMaps/${nameOf('scopeMaps', index)}` }),
  connectedRegistries: (registry, index) => ({
    mode: 'ReadOnly',
    parent: {
      syncProperties: {
        tokenId: `${registry}/tokens/${nameOf('tokens', index)}`,
        schedule: '* * * * *',
        messageTtl: 'P2D',
      },
    },
  }),
};

export async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: writersAtOnce }, worker));
}
