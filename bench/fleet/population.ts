// A thousand sites, each with a sync token of its own, made through the management API: as many below each registry as Azure
// allows, and so many registries.
import type { ClientToken } from '../../fixtures/provision.ts';
import type { ArmClient } from '../arm/client.ts';
import { apiVersion, inParallel, makeRegistry } from '../arm/population.ts';

export const registryCount = 20;
export const sitesPerRegistry = 50;
export const repository = 'bench/fleet';

export interface FleetRegistry {
  id: string;
  loginServer: string;
  /** May push. */
  pusher: ClientToken;
}

export interface SimulatedNode {
  /** Login server of its registry. */
  parent: string;
  /** Of the connected registry and of its sync token. */
  name: string;
  password: string;
}

export interface Fleet {
  registries: FleetRegistry[];
  nodes: SimulatedNode[];
}

const gatewayActions = ['config/read', 'config/write', 'message/read', 'message/write'];

export async function makeFleet(client: ArmClient): Promise<Fleet> {
  const fleet: Fleet = { registries: [], nodes: [] };
  for (let index = 0; index < registryCount; index++) {
    const { id, loginServer } = await makeRegistry(client, `fleet${index}`);
    const rights = ['content/read', 'content/write'].map((action) => `repositories/${repository}/${action}`);
    fleet.registries.push({ id, loginServer, pusher: await makeToken(client, id, 'pusher', rights) });
  }
  await inParallel(registryCount * sitesPerRegistry, async (index) => {
    const { id, loginServer } = fleet.registries[index % registryCount]!;
    fleet.nodes.push({ parent: loginServer, ...(await makeSite(client, id, `site${index}`)) });
  });
  return fleet;
}

async function makeSite(client: ArmClient, registry: string, name: string): Promise<ClientToken> {
  const own = gatewayActions.map((action) => `gateway/${name}/${action}`);
  const actions = [`repositories/${repository}/content/read`, ...own];
  const token = await makeToken(client, registry, name, actions);
  const syncProperties = {
    tokenId: `${registry}/tokens/${name}`,
    schedule: '* * * * *',
    messageTtl: 'P2D',
  };
  const properties = { mode: 'ReadOnly', parent: { syncProperties } };
  await client.send('PUT', `${registry}/connectedRegistries/${name}?${apiVersion}`, { properties });
  return token;
}

async function makeToken(
  client: ArmClient,
  registry: string,
  name: string,
  actions: readonly string[],
): Promise<ClientToken> {
  const [scopeMapId, tokenId] = [`${registry}/scopeMaps/${name}`, `${registry}/tokens/${name}`];
  await client.send('PUT', `${scopeMapId}?${apiVersion}`, { properties: { actions } });
  await client.send('PUT', `${tokenId}?${apiVersion}`, { properties: { scopeMapId } });
  const wanted = { tokenId, name: 'password1' };
  const made = await client.send('POST', `${registry}/generateCredentials?${apiVersion}`, wanted);
  const { passwords } = made as { passwords: { value: string }[] };
  return { name, password: passwords[0]!.value };
}
