// What a node meets at the gateway of a cloud registry: who may activate, what it is told, and what ARM shows of it
// then.
import { randomUUID } from 'node:crypto';
import { type Answer, type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import type { Clock } from '../../registry-node/clock.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { nodeStatusOf } from '../../fixtures/node-status.ts';
import type { NodeStatus } from '../../registry-node/gateway/protocol.ts';

const group = 'resourceGroups/acr-rg';
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/myregistry`;
const gateway = ['config/read', 'config/write', 'message/read', 'message/write'];
const gatewayActions = (...names: string[]): string[] =>
  names.flatMap((name) => gateway.map((action) => `gateway/${name}/${action}`));

const status = (change?: Partial<NodeStatus>): NodeStatus =>
  nodeStatusOf(new Date(), { loginServer: { host: 'factory.local:8080', tls: 'Enabled' }, ...change });

describe(
  'the gateway of a cloud registry',
  ({ before, after, test }) => {
    let cloud: Cloud;
    let host: string;
    let password: string;
    let shiftMs = 0;
    const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + shiftMs) };
    const instanceId = randomUUID();
    const id = (path: string): string => `/subscriptions/${cloud.credential.subscriptionId}/${path}`;

    const call = (name: string, verb: string, body: object, secret = password): Promise<Answer> => {
      const authorization = `Basic ${Buffer.from(`factory1:${secret}`).toString('base64')}`;
      return cloud.call(`https://${host}/acr/connected-registries/${name}/${verb}`, {
        method: 'POST',
        headers: { authorization },
        body,
      });
    };
    const round = (change: object = {}): Promise<Answer> =>
      call('factory1', 'sync', { instanceId, waitSeconds: 0, status: status(), descendants: {}, ...change });
    const shown = (name = 'factory1'): Promise<Answer> =>
      cloud.arm('GET', `${registry}/connectedRegistries/${name}`);
    const result = async (name = 'factory1'): Promise<Record<string, string | undefined>> => {
      const path = `${registry}/connectedRegistries/${name}?api-version=2026-03-01-preview`;
      return (await cloud.arm('GET', path)).at('properties.registrySyncResult') as Record<string, string>;
    };
    const generate = async (token: string): Promise<string> => {
      const tokenId = id(`${registry}/tokens/${token}`);
      const made = await cloud.arm('POST', `${registry}/generateCredentials`, { tokenId, name: 'password1' });
      return made.text('passwords.0.value');
    };
    const connect = async (name: string, actions: string[], parent?: string): Promise<void> => {
      await cloud.arm('PUT', `${registry}/scopeMaps/${name}`, { properties: { actions } });
      const scopeMapId = id(`${registry}/scopeMaps/${name}`);
      await cloud.arm('PUT', `${registry}/tokens/${name}`, { properties: { scopeMapId } });
      const syncProperties = { tokenId: id(`${registry}/tokens/${name}`), messageTtl: 'P2D' };
      const parentId = parent && id(`${registry}/connectedRegistries/${parent}`);
      const properties = { mode: 'ReadWrite', parent: { id: parentId, syncProperties } };
      const answer = await cloud.arm('PUT', `${registry}/connectedRegistries/${name}`, { properties });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    };

    before(async () => {
      cloud = await startCloud({ clock });
      await cloud.arm('PUT', group, { location: 'westeurope' });
      await cloud.settle(
        await cloud.arm('PUT', registry, {
          location: 'westeurope',
          sku: { name: 'Premium' },
          properties: { dataEndpointEnabled: true },
        }),
      );
      await connect('factory1', ['repositories/app/content/read', ...gatewayActions('factory1', 'machine1')]);
      await connect('machine1', ['repositories/app/content/read', ...gatewayActions('machine1')], 'factory1');
      password = await generate('factory1');
      host = (await shown()).text('properties.parent.syncProperties.gatewayEndpoint');
    });
    after(() => cloud.close());

    test('lets nobody sync who was not activated', async () => {
      const answer = await round();
      assert.deepEqual([answer.status, answer.at('errors.0.code')], [403, 'DENIED']);
    });

    test('refuses a wrong sync password', async () => {
      const answer = await call('factory1', 'activate', { instanceId, status: status() }, 'wrong');
      assert.deepEqual([answer.status, answer.at('errors.0.message')], [401, 'Incorrect Password']);
    });

    test('activates an instance and tells it all it needs, without a password', async () => {
      const answer = await call('factory1', 'activate', { instanceId, status: status() });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      assert.equal(answer.at('configuration.name'), 'factory1');
      assert.equal(answer.at('configuration.children.0.configuration.name'), 'machine1');
      assert.equal(answer.at('configuration.children.0.syncToken.name'), 'machine1');
      assert.ok(!JSON.stringify(answer.body).includes(password));
    });

    test('keeps the name for one instance, which may come again', async () => {
      const other = await call('factory1', 'activate', { instanceId: randomUUID(), status: status() });
      assert.deepEqual([other.status, other.at('errors.0.code')], [409, 'ALREADY_ACTIVATED']);
      assert.equal((await call('factory1', 'activate', { instanceId, status: status() })).status, 200);
    });

    test('is not for a nested node, which has a parent of its own', async () => {
      const answer = await call('machine1', 'activate', { instanceId, status: status() });
      assert.deepEqual([answer.status, answer.at('errors.0.code')], [404, 'NAME_UNKNOWN']);
    });

    test('makes ARM show the node, and the nodes below it', async () => {
      const below = status({ loginServer: { host: 'machine.local', tls: 'Disabled' } });
      assert.equal((await round({ descendants: { machine1: below, unheard: below } })).status, 200);
      const answer = await shown();
      assert.equal(answer.at('properties.connectionState'), 'Online');
      assert.deepEqual(answer.at('properties.activation'), { status: 'Active' });
      assert.equal(answer.at('properties.version'), '0.1.0');
      assert.deepEqual(answer.at('properties.loginServer'), {
        host: 'factory.local:8080',
        tls: { status: 'Enabled', certificate: {} },
      });
      const nested = await shown('machine1');
      assert.equal(nested.at('properties.connectionState'), 'Online');
      assert.equal(nested.at('properties.parent.syncProperties.gatewayEndpoint'), 'factory.local:8080');
      assert.equal((await shown('unheard')).status, 404);
    });

    test('tells the node above when a nested one is deactivated', async () => {
      const counted = async (): Promise<number> =>
        Number((await round()).at('configuration.children.0.deactivations'));
      const before = await counted();
      assert.equal(
        (await cloud.arm('POST', `${registry}/connectedRegistries/machine1/deactivate`)).status,
        200,
      );
      assert.deepEqual((await shown('machine1')).at('properties.activation'), { status: 'Inactive' });
      assert.ok((await counted()) > before);
    });

    test('shows trouble as long as the node reports it', async () => {
      const detail = {
        type: 'Disk',
        code: 'DiskError',
        description: 'No space left on device.',
        timestamp: new Date().toISOString(),
        correlationId: '1',
      };
      await round({ status: status({ statusDetails: [detail] }) });
      assert.equal((await shown()).at('properties.connectionState'), 'Unhealthy');
      assert.equal((await shown()).at('properties.statusDetails.0.code'), 'DiskError');
      await round();
      assert.equal((await shown()).at('properties.connectionState'), 'Online');
    });

    test('shows the room on its disk to clients that know of it, and it makes nobody Unhealthy', async () => {
      await round({ status: status({ totalBytes: 1024 ** 4, freeBytes: 512.5 * 1024 ** 3 }) });
      const path = `${registry}/connectedRegistries/factory1?api-version=`;
      const newest = await cloud.arm('GET', `${path}2026-09-01-preview`);
      const { timestamp, ...detail } = newest.at('properties.statusDetails.0') as Record<string, unknown>;
      assert.ok(Number.isFinite(Date.parse(String(timestamp))));
      assert.deepEqual(detail, {
        type: 'Disk',
        code: 'DiskCapacityMetrics',
        description: 'Disk space available on the connected registry.',
        correlationId: '00000000-0000-0000-0000-000000000000',
        totalGib: 1024,
        availableGib: 512.5,
      });
      assert.equal(newest.at('properties.connectionState'), 'Online');
      for (const version of ['2025-11-01', '2026-03-01-preview'])
        assert.equal((await cloud.arm('GET', `${path}${version}`)).at('properties.statusDetails'), undefined);
    });

    test('sends a configuration only when it is not the newest', async () => {
      const first = await round();
      assert.equal(first.at('configuration.name'), 'factory1');
      const revision = first.text('revision');
      assert.equal((await round({ revision })).at('configuration'), undefined);
      const clientTokenIds = [id(`${registry}/tokens/machine1`)];
      await cloud.arm('PATCH', `${registry}/connectedRegistries/factory1`, {
        properties: { clientTokenIds },
      });
      const second = await round({ revision });
      assert.notEqual(second.text('revision'), revision);
      assert.equal(second.at('configuration.clientTokens.0.name'), 'machine1');
      await round({ revision: second.text('revision') });
      const third = await round({ revision: second.text('revision') });
      assert.equal(third.text('revision'), second.text('revision'), 'a report is no change of configuration');
    });

    test('answers a waiting round as soon as something changes', async () => {
      const settled = await settledRound();
      const waiting = round({ ...settled, waitSeconds: 30 });
      await cloud.arm('PATCH', `${registry}/connectedRegistries/factory1`, {
        properties: { logging: { logLevel: 'Debug' } },
      });
      assert.equal((await waiting).at('configuration.logLevel'), 'Debug');
    });

    test('shows what a node told last, and not what its waiting round had told before', async () => {
      const settled = await settledRound();
      const waiting = round({ ...settled, status: status({ version: 'old' }), waitSeconds: 30 });
      await waitFor('the round to wait', async () => (await shown()).at('properties.version') === 'old');
      await round({ ...settled, status: status({ version: 'new' }), reportOnly: true });
      await cloud.arm('PATCH', `${registry}/connectedRegistries/factory1`, {
        properties: { logging: { logLevel: 'Warning' } },
      });
      assert.equal((await waiting).at('configuration.logLevel'), 'Warning');
      assert.equal((await shown()).at('properties.version'), 'new');
    });

    test('asks for a full sync when someone wants one', async () => {
      const settled = await settledRound();
      assert.equal((await cloud.arm('POST', `${registry}/connectedRegistries/factory1/resync`)).status, 200);
      assert.equal((await result()).syncState, 'Pending');
      const answer = await round(settled);
      assert.equal(answer.at('fullSync.trigger'), 'ManualResync');
      await round({ ...settled, fullSyncAfter: answer.at('fullSync.next') });
      assert.deepEqual((({ syncTrigger, syncState }) => [syncTrigger, syncState])(await result()), [
        'ManualResync',
        'Syncing',
      ]);
      const lastSyncTime = clock.now().toISOString();
      await round({ ...settled, status: status({ lastSyncTime }) });
      const { syncState, lastSyncStartTime, lastSyncEndTime } = await result();
      assert.equal(syncState, 'Succeeded');
      assert.ok(Date.parse(lastSyncStartTime!) <= Date.parse(lastSyncEndTime!));
    });

    test('tells the node above when a full sync of a nested one is wanted', async () => {
      await round({ descendants: { machine1: status() } });
      assert.equal((await cloud.arm('POST', `${registry}/connectedRegistries/machine1/resync`)).status, 200);
      assert.equal((await round()).at('configuration.children.0.resyncs'), 1);
      assert.deepEqual((({ syncTrigger, syncState }) => [syncTrigger, syncState])(await result('machine1')), [
        'ManualResync',
        'Syncing',
      ]);
      const done = status({ lastSyncTime: clock.now().toISOString() });
      await round({ descendants: { machine1: done } });
      assert.equal((await result('machine1')).syncState, 'Succeeded');
    });

    test('counts a node that fell silent as Offline, and still as active', async () => {
      shiftMs = 6 * 60 * 1000;
      const answer = await shown();
      assert.equal(answer.at('properties.connectionState'), 'Offline');
      assert.deepEqual(answer.at('properties.activation'), { status: 'Active' });
      shiftMs = 0;
    });

    test('remembers its nodes across a restart', async () => {
      await cloud.restart();
      assert.equal((await shown()).at('properties.connectionState'), 'Online');
      assert.equal((await round()).status, 200);
    });

    test('frees the name when it is deactivated, and lets another instance in', async () => {
      assert.equal(
        (await cloud.arm('POST', `${registry}/connectedRegistries/factory1/deactivate`)).status,
        200,
      );
      assert.deepEqual((await shown()).at('properties.activation'), { status: 'Inactive' });
      assert.equal((await round()).status, 403);
      const other = await call('factory1', 'activate', { instanceId: randomUUID(), status: status() });
      assert.equal(other.status, 200);
    });

    test('stops a node whose sync token is disabled', async () => {
      await cloud.arm('PATCH', `${registry}/tokens/factory1`, { properties: { status: 'disabled' } });
      assert.equal((await round()).status, 401);
    });

    /** A round after which there is nothing to tell. @returns what to send so that the next one waits */
    async function settledRound(): Promise<object> {
      let state: Record<string, unknown> = {};
      for (let rounds = 0; rounds < 10; rounds++) {
        const answer = await round(state);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        const news = answer.at('fullSync') ?? answer.at('configuration') ?? answer.at('events.0');
        state = {
          cursor: answer.at('cursor'),
          feedId: answer.at('feedId'),
          revision: answer.at('revision'),
          grantsRevision: answer.at('grantsRevision'),
          ...(answer.at('fullSync.next') === undefined ? {} : { fullSyncAfter: answer.at('fullSync.next') }),
        };
        if (news === undefined) return state;
      }
      throw new Error('there was always something to tell');
    }
  },
  { timeoutMs: 40_000 },
);
