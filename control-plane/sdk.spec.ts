// The management SDK of Azure, as it is on npm, against this control plane: every group of operations, its pagers and pollers.
import type { ConnectedRegistry } from '@azure/arm-containerregistry';
import { type AzureSdk, collect, openAzureSdk } from '../fixtures/clients/azure-sdk.ts';
import { type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { waitFor } from '../fixtures/wait-for.ts';

const group = 'acr-rg';
const name = 'myregistry';
const location = 'westeurope';

describe(
  'The management SDK',
  ({ before, after, test }) => {
    let cloud: Cloud;
    let sdk: AzureSdk;
    const arm = (): AzureSdk['arm'] => sdk.arm;
    const idOf = (child: string): string =>
      `/subscriptions/${cloud.credential.subscriptionId}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}/${child}`;

    before(async () => {
      cloud = await startCloud();
      await cloud.arm('PUT', `resourceGroups/${group}`, { location });
      sdk = await openAzureSdk(cloud);
    });
    after(() => cloud.close());

    test('creates a registry and waits for it', async () => {
      const taken = { name, type: 'Microsoft.ContainerRegistry/registries' } as const;
      assert.equal((await arm().registries.checkNameAvailability(taken)).nameAvailable, true);
      const made = await arm().registries.create(group, name, {
        location,
        sku: { name: 'Premium' },
        adminUserEnabled: true,
      });
      assert.equal(made.provisioningState, 'Succeeded');
      assert.equal(made.name, name);
      assert.equal(made.sku.tier, 'Premium');
      assert.match(made.loginServer!, /^localhost:\d+$/);
      assert.ok(made.creationDate instanceof Date);
      assert.equal(made.systemData?.createdByType, 'Application');
      assert.equal((await arm().registries.checkNameAvailability(taken)).reason, 'AlreadyExists');
    });

    test('updates, gets and lists registries', async () => {
      const updated = await arm().registries.update(group, name, {
        dataEndpointEnabled: true,
        tags: { site: 'north' },
      });
      assert.equal(updated.dataEndpointHostNames?.length, 1);
      assert.deepEqual((await arm().registries.get(group, name)).tags, { site: 'north' });
      assert.deepEqual(
        (await collect(arm().registries.list())).map((each) => each.name),
        [name],
      );
      assert.equal((await collect(arm().registries.listByResourceGroup(group))).length, 1);
    });

    test('reads usages and credentials, and renews a password', async () => {
      const { value = [] } = await arm().registries.listUsages(group, name);
      assert.equal(value.find((usage) => usage.name === 'Webhooks')?.limit, 500);
      const before = await arm().registries.listCredentials(group, name);
      assert.equal(before.username, name);
      const renewed = await arm().registries.regenerateCredential(group, name, { name: 'password2' });
      assert.equal(renewed.passwords?.[0]?.value, before.passwords?.[0]?.value);
      assert.notEqual(renewed.passwords?.[1]?.value, before.passwords?.[1]?.value);
    });

    test('creates, updates, lists and deletes scope maps', async () => {
      const actions = ['repositories/hello/content/read'];
      const made = await arm().scopeMaps.create(group, name, 'reading', { actions, description: 'Reads' });
      assert.equal(made.typePropertiesType, 'UserDefined');
      const more = [...actions, 'repositories/hello/metadata/read'];
      const updated = await arm().scopeMaps.update(group, name, 'reading', { actions: more });
      assert.deepEqual(updated.actions, more);
      assert.equal(updated.description, 'Reads');
      const names = new Set((await collect(arm().scopeMaps.list(group, name))).map((each) => each.name));
      assert.ok(names.has('reading') && names.has('_repositories_pull'));
      await arm().scopeMaps.create(group, name, 'passing', { actions });
      await arm().scopeMaps.delete(group, name, 'passing');
      await assert.rejects(arm().scopeMaps.get(group, name, 'passing'), { statusCode: 404 });
    });

    test('lists more scope maps than one page holds', async () => {
      const names = Array.from({ length: 520 }, (_, index) => `many-${index}`);
      await Promise.all(names.map((each) => arm().scopeMaps.create(group, name, each, { actions: [] })));
      const pages = await collect(arm().scopeMaps.list(group, name).byPage());
      assert.equal(pages.length, 2);
      const listed = pages.flat().map((each) => each.name!);
      assert.equal(listed.filter((each) => each.startsWith('many-')).length, names.length);
      assert.equal(new Set(listed).size, listed.length);
    });

    test('creates tokens, generates their passwords and takes one away', async () => {
      const token = await arm().tokens.create(group, name, 'reader', {
        scopeMapId: idOf('scopeMaps/reading'),
      });
      assert.equal(token.status, 'enabled');
      const expiry = new Date('2098-12-31T12:59:59Z');
      const made = await arm().registries.generateCredentials(group, name, { tokenId: token.id!, expiry });
      assert.equal(made.username, 'reader');
      assert.deepEqual(
        made.passwords?.map((each) => each.name),
        ['password1', 'password2'],
      );
      assert.deepEqual(made.passwords?.[0]?.expiry, expiry);
      assert.ok(made.passwords?.[0]?.value);
      const updated = await arm().tokens.update(group, name, 'reader', {
        status: 'disabled',
        credentials: { passwords: [{ name: 'password1' }] },
      });
      assert.equal(updated.status, 'disabled');
      assert.deepEqual(
        updated.credentials?.passwords?.map((each) => each.name),
        ['password1'],
      );
      assert.equal(updated.credentials?.passwords?.[0]?.value, undefined);
      assert.deepEqual(
        (await collect(arm().tokens.list(group, name))).map((each) => each.name),
        ['reader'],
      );
    });

    test('creates, updates, filters, deactivates and deletes connected registries', async () => {
      for (const each of ['factory1', 'machine1']) {
        await arm().tokens.create(group, name, each, { scopeMapId: idOf('scopeMaps/reading') });
      }
      const connected = (token: string, parent?: string): ConnectedRegistry => ({
        mode: 'ReadWrite',
        parent: {
          ...(parent !== undefined && { id: idOf(`connectedRegistries/${parent}`) }),
          syncProperties: {
            tokenId: idOf(`tokens/${token}`),
            schedule: '0 9 * * *',
            syncWindow: 'PT3H',
            messageTtl: 'P2D',
          },
        },
      });
      const made = await arm().connectedRegistries.create(group, name, 'factory1', connected('factory1'));
      assert.equal(made.connectionState, 'Offline');
      assert.equal(made.activation?.status, 'Inactive');
      assert.equal(made.parent?.syncProperties.syncWindow, 'PT3H');
      assert.match(made.parent.syncProperties.gatewayEndpoint!, /^localhost:\d+$/);
      await arm().connectedRegistries.create(group, name, 'machine1', connected('machine1', 'factory1'));

      const updated = await arm().connectedRegistries.update(group, name, 'factory1', {
        clientTokenIds: [idOf('tokens/reader')],
        logging: { logLevel: 'Debug', auditLogStatus: 'Enabled' },
        notificationsList: ['hello:*:*'],
        garbageCollection: { enabled: false, schedule: '0 1 * * *' },
        syncProperties: { schedule: '* * * * *' },
      });
      assert.deepEqual(updated.clientTokenIds, [idOf('tokens/reader')]);
      assert.equal(updated.logging?.auditLogStatus, 'Enabled');
      assert.equal(updated.garbageCollection?.enabled, false);
      assert.equal(updated.parent?.syncProperties.syncWindow, undefined);

      const filter = `parent.id eq '${idOf('connectedRegistries/factory1')}'`;
      const children = await collect(arm().connectedRegistries.list(group, name, { filter }));
      assert.deepEqual(
        children.map((each) => each.name),
        ['machine1'],
      );
      await arm().connectedRegistries.deactivate(group, name, 'factory1');
      await arm().connectedRegistries.delete(group, name, 'machine1');
      await arm().connectedRegistries.delete(group, name, 'factory1');
      assert.deepEqual(await collect(arm().connectedRegistries.list(group, name)), []);
    });

    test('creates, updates, lists and deletes replications', async () => {
      const made = await arm().replications.create(group, name, 'northeurope', { location: 'northeurope' });
      assert.equal(made.provisioningState, 'Succeeded');
      assert.equal(made.regionEndpointEnabled, true);
      const updated = await arm().replications.update(group, name, 'northeurope', {
        regionEndpointEnabled: false,
      });
      assert.equal(updated.regionEndpointEnabled, false);
      const names = (await collect(arm().replications.list(group, name))).map((each) => each.name);
      assert.ok(names.includes('northeurope'));
      await arm().replications.delete(group, name, 'northeurope');
      await assert.rejects(arm().replications.get(group, name, 'northeurope'), { statusCode: 404 });
    });

    test('creates, pings, reads and deletes webhooks', async () => {
      // Nobody listens there: what was sent is kept all the same.
      const serviceUri = 'http://127.0.0.1:9/hook';
      const made = await arm().webhooks.create(group, name, 'onpush', {
        location,
        serviceUri,
        actions: ['push'],
        customHeaders: { 'x-site': 'north' },
      });
      assert.equal(made.status, 'enabled');
      const callback = await arm().webhooks.getCallbackConfig(group, name, 'onpush');
      assert.equal(callback.serviceUri, serviceUri);
      assert.deepEqual(callback.customHeaders, { 'x-site': 'north' });
      assert.match((await arm().webhooks.ping(group, name, 'onpush')).id!, /^[0-9a-f-]{36}$/);
      const updated = await arm().webhooks.update(group, name, 'onpush', { status: 'disabled' });
      assert.equal(updated.status, 'disabled');
      const [event] = await waitFor('the ping among the events', async () => {
        const events = await collect(arm().webhooks.listEvents(group, name, 'onpush'));
        return events.length > 0 && events;
      });
      assert.equal(event?.eventRequestMessage?.method, 'POST');
      assert.equal(event?.eventRequestMessage?.requestUri, serviceUri);
      assert.deepEqual(
        (await collect(arm().webhooks.list(group, name))).map((each) => each.name),
        ['onpush'],
      );
      await arm().webhooks.delete(group, name, 'onpush');
      await assert.rejects(arm().webhooks.get(group, name, 'onpush'), { statusCode: 404 });
    });

    test('lists what the provider can do', async () => {
      const names = (await collect(arm().operations.list())).map((each) => each.name);
      assert.ok(names.includes('Microsoft.ContainerRegistry/registries/read'), names.join(' '));
    });

    const notOffered: [string, () => Promise<unknown>][] = [
      ['cache rules', () => collect(arm().cacheRules.list(group, name))],
      ['credential sets', () => collect(arm().credentialSets.list(group, name))],
      ['private endpoint connections', () => collect(arm().privateEndpointConnections.list(group, name))],
    ];
    for (const [what, list] of notOffered) {
      test(`is told in a sentence that ${what} are not offered`, async () => {
        await assert.rejects(list(), { statusCode: 501, code: 'NotImplemented' });
      });
    }

    test('gets an error of ARM with its code and message', async () => {
      await assert.rejects(arm().tokens.get(group, name, 'nobody'), {
        statusCode: 404,
        code: 'ResourceNotFound',
        message: 'The resource nobody could not be found.',
      });
    });

    test('deletes a token in use by nobody, and the registry', async () => {
      await arm().tokens.delete(group, name, 'reader');
      await arm().registries.delete(group, name);
      assert.deepEqual(await collect(arm().registries.list()), []);
    });
  },
  { ordered: false, timeoutMs: 30_000 },
);
