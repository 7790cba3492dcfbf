// A node's life: activation and its refusals, restarts, credentials that change, and a child below it.
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage, uploadImage } from '../../fixtures/images/stored.ts';
import { jumpingClock } from '../../fixtures/jumping-clock.ts';
import { arrives, arrivesAbove, clientToken, has, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { configurationOf, gatewayRules, grantsOn, tokenOf } from '../../fixtures/configuration.ts';
import { syncPassword } from '../../fixtures/parent.ts';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { parseTag } from '../oci/reference.ts';

describe(
  'a node',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    beforeEach(async () => {
      stage = await SyncStage.set();
    });
    afterEach(() => stage.strike());

    test('goes on after a restart without a full sync', async () => {
      const parent = await stage.parent();
      const node = await stage.node(parent.port);
      const digest = await storeImage(parent.content, 'app', buildImage('kept'), ['v1']);
      await arrives(stage.client(node), 'v1', digest);
      await waitFor(
        'the cursor to be saved',
        () => parent.status?.state === 'Online' && parent.status.lastSyncTime,
      );
      await stage.close(node);
      const later = await storeImage(parent.content, 'app', buildImage('later'), ['v2']);
      parent.requests.length = 0;
      const registry = stage.client(await stage.node(parent.port));
      assert.ok(await has(registry, 'v1', digest), 'serves what it has at once');
      await arrives(registry, 'v2', later);
      assert.ok(!parent.requests.some((request) => request.includes(digest)));
    });

    test('gives a client what its token grants, and takes it away at once', async () => {
      const parent = await stage.parent();
      const digest = await storeImage(parent.content, 'app', buildImage('app'), ['v1']);
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', digest);
      parent.configure({ clientTokens: [{ ...clientToken, status: 'disabled' }] });
      await waitFor('the token to be refused', () =>
        registry.manifest('app', { tag: parseTag('v1') }).then(
          () => false,
          () => true,
        ),
      );
    });

    test('carries a child that only reaches it, while the top is cut too', async () => {
      const childName = 'child1';
      const child = {
        syncToken: tokenOf(childName, syncPassword, [...grantsOn('app'), ...gatewayRules(childName)]),
        configuration: configurationOf(childName, { grants: grantsOn('app'), clientTokens: [clientToken] }),
      };
      let parent = await stage.parent({ children: [child] });
      const { port } = parent;
      const digest = await storeImage(parent.content, 'app', buildImage('from the top'), ['v1']);
      const node = await stage.node(port);
      await arrives(stage.client(node), 'v1', digest);
      const below = stage.client(await stage.node(node.port, {}, childName));
      await arrives(below, 'v1', digest);
      await waitFor('the child at the top', () => parent.descendants[childName]?.active);
      await stage.close(parent);
      const pushed = await uploadImage(below, 'app', buildImage('from the bottom'), 'v2');
      await arrives(stage.client(node), 'v2', pushed);
      parent = await stage.parent({ children: [child] }, port);
      await arrivesAbove(parent, 'v2', pushed);
    });

    test('waits for a parent that is cut off itself to learn of it', async () => {
      let parent = await stage.parent();
      const { port } = parent;
      const digest = await storeImage(parent.content, 'app', buildImage('from the top'), ['v1']);
      const node = await stage.node(port);
      await arrives(stage.client(node), 'v1', digest);
      const signIn = async (): Promise<Response> => {
        const authorization = `Basic ${Buffer.from(`child1:${syncPassword}`).toString('base64')}`;
        return fetch(`http://127.0.0.1:${node.port}/acr/oauth2/token`, { headers: { authorization } });
      };
      assert.equal((await signIn()).headers.get('retry-after'), null);
      await stage.close(parent);
      const seldom = { intervalMs: 250 };
      const isCutOff = async () => (await signIn()).headers.get('retry-after') === '30';
      await waitFor('the node to notice', isCutOff, seldom);
      const clock = jumpingClock();
      const child = await stage.node(node.port, {}, 'child1', clock);
      assert.match(
        String(await child.firstContact),
        /The parent has no contact with its own parent now, .* asks again by itself/,
      );
      const configuration = configurationOf('child1', {
        grants: grantsOn('app'),
        clientTokens: [clientToken],
      });
      const actions = [...grantsOn('app'), ...gatewayRules('child1')];
      parent = await stage.parent({}, port);
      parent.configure({
        children: [{ syncToken: tokenOf('child1', syncPassword, actions), configuration }],
      });
      await waitFor('the node to know', async () => (await signIn()).ok, seldom);
      clock.jump(60_000);
      await arrives(stage.client(child), 'v1', digest);
    });

    test('starts without its parent and is activated when it comes', async () => {
      const spare = await stage.parent();
      const { port } = spare;
      await stage.close(spare);
      const node = await stage.node(port);
      const ready = (): Promise<number> =>
        fetch(`http://127.0.0.1:${node.port}/readyz`).then(({ status }) => status);
      assert.equal((await fetch(`http://127.0.0.1:${node.port}/healthz`)).status, 200);
      assert.equal(await ready(), 503);
      await stage.parent({}, port);
      await waitFor('the node to be ready', async () => (await ready()) === 200);
    });

    test('sends nothing outside its window', async () => {
      const farMonth = ((systemClock.now().getUTCMonth() + 6) % 12) + 1;
      const parent = await stage.parent({ schedule: `0 0 1 ${farMonth} *`, syncWindow: 'PT1H' });
      await storeImage(parent.content, 'app', buildImage('waits'), ['v1']);
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', undefined);
      const asked = parent.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.deepEqual(parent.requests.slice(asked), []);
      assert.equal(parent.status?.lastSyncTime, undefined);
    });

    test('gives up when it is refused before it ever was activated, saying what to do', async () => {
      const parent = await stage.parent();
      const cases: [name: string, prepare: () => void, message: RegExp][] = [
        ['site1', () => (parent.password = 'another'), /Incorrect Password.*--generate-password 1/],
        ['site1', () => (parent.password = syncPassword), /^$/],
        ['unknown', () => undefined, /Incorrect Password/],
      ];
      for (const [name, prepare, message] of cases) {
        prepare();
        const node = await stage.node(parent.port, {}, name);
        if (message.source === '^$') {
          await waitFor('activation', () => parent.status);
          await stage.close(node);
          continue;
        }
        const reason = await node.stopped;
        assert.match(reason?.message ?? '', message);
      }
    });

    test('that finds its port taken says so and lets go of its data folder', async () => {
      const parent = await stage.parent();
      await assert.rejects(stage.node(parent.port, { port: parent.port }), new RegExp(`${parent.port}`));
      await stage.node(parent.port);
    });

    test('is refused a name that another instance holds, with the command that frees it', async () => {
      const parent = await stage.parent();
      await stage.node(parent.port);
      await waitFor('activation', () => parent.status);
      const second = await stage.node(parent.port, { dataFolder: join(stage.folder, 'second') });
      const reason = await second.stopped;
      assert.match(
        reason?.message ?? '',
        /ALREADY_ACTIVATED.*acrc connected-registry deactivate -r <registry> -n site1/,
      );
    });

    test('keeps serving when its password is changed under it, asks rarely, and recovers', async () => {
      const parent = await stage.parent();
      const digest = await storeImage(parent.content, 'app', buildImage('app'), ['v1']);
      const node = await stage.node(parent.port);
      const registry = stage.client(node);
      await arrives(registry, 'v1', digest);
      await stage.close(node);
      parent.password = 'rotated';
      const restarted = stage.client(await stage.node(parent.port));
      parent.requests.length = 0;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.ok(parent.requests.length <= 8, `asked ${parent.requests.length} times`);
      assert.ok(await has(restarted, 'v1', digest));
      parent.password = syncPassword;
      await arrives(restarted, 'v2', await storeImage(parent.content, 'app', buildImage('again'), ['v2']));
    });
  },
  { timeoutMs: 30_000 },
);
