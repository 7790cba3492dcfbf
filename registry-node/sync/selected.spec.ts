// A node with a filter against a real parent over real HTTP: what comes, what does not, and what goes when the selection moves.
import { configurationOf, gatewayRules, tokenOf } from '../../fixtures/configuration.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import {
  buildImage,
  storeImage,
  storeIndex,
  uploadImage,
  withMembers,
} from '../../fixtures/images/stored.ts';
import { type Parent, syncPassword } from '../../fixtures/parent.ts';
import { arrives, arrivesAbove, clientToken, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import type { Digest } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { RemoteRegistry } from '../remote/open.ts';
import type { SyncFilter } from '../selection/filter.ts';

const app = parseRepositoryName('app');
const client = { origin: 'client' } as const;

describe(
  'a node with a filter',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    let parent: Parent;
    let registry: RemoteRegistry;
    beforeEach(async () => {
      stage = await SyncStage.set();
    });
    afterEach(() => stage.strike());

    const start = async (
      syncFilter: SyncFilter,
      store: () => Promise<unknown>,
      mode: 'ReadOnly' | 'ReadWrite' = 'ReadOnly',
    ): Promise<void> => {
      parent = await stage.parent({ mode, syncFilter });
      await store();
      registry = stage.client(await stage.node(parent.port));
      await settled();
    };
    const store = (seed: string, ...tags: string[]): Promise<Digest> =>
      storeImage(parent.content, 'app', buildImage(seed), tags);
    const tagsHere = async (repository = 'app'): Promise<string[]> =>
      Array.fromAsync(registry.tags(repository)).catch(() => []);
    const isHere = async (digest: Digest): Promise<boolean> =>
      (await registry.manifest('app', { digest })) !== undefined;
    const gone = (digest: Digest): Promise<unknown> =>
      waitFor(`${digest} to go`, async () => !(await isHere(digest)));
    /** Until the node has applied all that the parent has appended. */
    const settled = (): Promise<unknown> =>
      waitFor('the node to be where the parent is', () => {
        const { applied } = parent.status ?? {};
        return applied?.cursor === parent.content.feed.head();
      });

    test('has the tags that are wanted, and of its repositories nothing that no wanted tag reaches', async () => {
      const filter = [{ repository: 'app', tags: { include: ['v*'], exclude: ['*-rc*'] } }];
      let [v1, candidate, untagged] = ['', '', ''] as string[] as Digest[];
      await start(filter, async () => {
        [v1, candidate, untagged] = [
          await store('1', 'v1'),
          await store('rc', 'v2-rc1'),
          await store('none'),
        ];
        await storeImage(parent.content, 'tools/whole', buildImage('any'), ['any', 'v1-rc1']);
      });
      assert.deepEqual(await tagsHere(), ['v1']);
      assert.deepEqual(await tagsHere('tools/whole'), ['any', 'v1-rc1']);
      assert.ok(!(await isHere(candidate!)) && !(await isHere(untagged!)));
      // Then as it happens.
      await store('later rc', 'v3-rc1');
      await store('later none');
      const v3 = await store('3', 'v3', 'stable');
      await arrives(registry, 'v3', v3);
      const moved = await store('1 again', 'v1');
      await arrives(registry, 'v1', moved);
      await gone(v1!);
      await parent.content.untag(app, parseTag('v3'), client);
      await gone(v3);
      await settled();
      assert.deepEqual(await tagsHere(), ['v1']);
      const blobsOf = (seed: string) => buildImage(seed).blobs.map(({ digest }) => digest);
      const unwanted = ['rc', 'none', 'later rc', 'later none'].flatMap(blobsOf);
      assert.ok(!parent.requests.some((request) => unwanted.some((digest) => request.includes(digest))));
    });

    test('has the newest tags: an older one goes when one comes, and is back when one goes', async () => {
      const filter = [{ repository: 'app', tags: { include: ['v*'], newest: 2 } }];
      let first: Digest | undefined;
      await start(filter, async () => {
        first = await store('1', 'v1');
        await store('2', 'v2');
        await store('other', 'other');
        await store('3', 'v3');
      });
      assert.deepEqual(await tagsHere(), ['v2', 'v3']);
      assert.ok(!(await isHere(first!)));
      const fourth = await store('4', 'v4');
      await arrives(registry, 'v4', fourth);
      await settled();
      assert.deepEqual(await tagsHere(), ['v3', 'v4']);
      await parent.content.untag(app, parseTag('v4'), client);
      await waitFor('v2 to be back', async () => (await tagsHere()).join() === 'v2,v3');
      await gone(fourth);
      // An old tag that moves is the newest.
      await store('1 again', 'v1');
      await waitFor('v1 to come', async () => (await tagsHere()).join() === 'v1,v3');
    });

    test('has of an index the platforms that are wanted, and follows a filter that widens and narrows', async () => {
      const [amd64, arm64] = [buildImage('amd64', [100_000]), buildImage('arm64', [100_000])];
      const [onAmd64, onBoth] = [
        [{ repository: '*', platforms: ['linux/amd64'] }],
        [{ repository: '*', platforms: ['linux/amd64', 'linux/arm64/v8'] }],
      ];
      let index: Digest | undefined;
      await start(onAmd64, async () => {
        index = await storeIndex(parent.content, 'app', { 'linux/amd64': amd64, 'linux/arm64': arm64 }, [
          'v1',
        ]);
      });
      await arrives(registry, 'v1', index);
      assert.ok(await isHere(amd64.digest));
      assert.ok(!(await isHere(arm64.digest)));
      assert.ok(!parent.requests.some((request) => request.includes(arm64.blobs[1]!.digest)));
      parent.configure({ syncFilter: onBoth });
      await waitFor('arm64 to come', () => isHere(arm64.digest));
      parent.configure({ syncFilter: onAmd64 });
      await gone(arm64.digest);
      assert.ok((await isHere(amd64.digest)) && (await isHere(index!)));
      parent.configure({ syncFilter: undefined });
      await waitFor('arm64 to come again', () => isHere(arm64.digest));
    });

    test('has again what an index lists, when it was deleted at the parent and is pushed there again', async () => {
      const amd64 = buildImage('amd64');
      await start([{ repository: '*', platforms: ['linux/amd64'] }], () =>
        storeIndex(parent.content, 'app', { 'linux/amd64': amd64 }, ['v1']),
      );
      await parent.content.deleteManifest(app, amd64.digest, client);
      await gone(amd64.digest);
      await storeImage(parent.content, 'app', amd64, []);
      await waitFor('what the index lists to come again', () => isHere(amd64.digest));
    });

    test('has the signatures of what it has, whenever they were made, and of nothing else', async () => {
      const signature = (of: Digest, seed: string) =>
        withMembers(buildImage(seed), {
          subject: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: of, size: 1 },
        });
      const sign = (of: Digest, seed: string) => storeImage(parent.content, 'app', signature(of, seed), []);
      for (const tags of [{ include: ['v*'] }, { include: ['v*'], newest: 1 }]) {
        const seed = JSON.stringify(tags);
        let [signed, unwanted] = [] as Digest[];
        await start([{ repository: 'app', tags }], async () => {
          signed = await sign(await store(`${seed} 1`, 'v1'), `${seed} s1`);
          unwanted = await sign(await store(`${seed} 2`, 'dev'), `${seed} s2`);
        });
        assert.ok(await isHere(signed!));
        assert.ok(!(await isHere(unwanted!)));
        const image = await storeImage(parent.content, 'app', buildImage(`${seed} 3`), []);
        const before = await sign(image, `${seed} before`);
        await parent.content.tag(app, parseTag('v3'), image, client);
        await waitFor('what was signed before it was tagged', () => isHere(before));
        const after = await sign(image, `${seed} after`);
        await waitFor('what was signed after', () => isHere(after));
        const ofSignature = await sign(after, `${seed} of a signature`);
        await waitFor('what refers to a signature', () => isHere(ofSignature));
        const later = await sign(await store(`${seed} 4`, 'dev'), `${seed} s4`);
        await settled();
        assert.ok(!(await isHere(later)));
        await stage.strike();
        stage = await SyncStage.set();
      }
    });

    test('below another has the tags that are newest at the top, in whichever order they came', async () => {
      const filter = [{ repository: 'app', tags: { include: ['v*'], newest: 2 } }];
      const below = configurationOf('site2', {
        mode: 'ReadOnly',
        clientTokens: [clientToken],
        syncFilter: filter,
      });
      const actions = [...below.grants, ...gatewayRules('site2')];
      const children = [{ configuration: below, syncToken: tokenOf('site2', syncPassword, actions) }];
      parent = await stage.parent({ mode: 'ReadOnly', children });
      for (let number = 1; number <= 8; number++) {
        const moment = Date.now() - 1000 * (10 - number);
        const digest = await store(`build ${number}`);
        const change = { ...client, tagMovedAt: new Date(moment) };
        await parent.content.tag(app, parseTag(`v${number}`), digest, change);
      }
      const above = await stage.node(parent.port);
      registry = stage.client(await stage.node(above.port, {}, 'site2'));
      await waitFor('the newest', async () => (await tagsHere()).join() === 'v7,v8');
      await parent.content.tag(app, parseTag('v3'), await store('build 9'), client);
      await waitFor('the one that moved', async () => (await tagsHere()).join() === 'v3,v8');
      await parent.content.untag(app, parseTag('v8'), client);
      await waitFor('the one before', async () => (await tagsHere()).join() === 'v3,v7');
    });

    test('that is ReadWrite loses nothing to its filter, and what is deleted above all the same', async () => {
      const filter = [{ repository: 'app', tags: { include: ['v*'], newest: 1 } }];
      await start(filter, () => store('1', 'v1'), 'ReadWrite');
      await arrivesAbove(parent, 'v1', buildImage('1').digest);
      const [local, other] = [buildImage('local'), buildImage('other local')];
      await uploadImage(registry, 'app', local, 'built-here');
      await uploadImage(registry, 'app', other, 'v2');
      await arrivesAbove(parent, 'v2', other.digest);
      const v3 = await store('3', 'v3');
      await arrives(registry, 'v3', v3);
      await settled();
      assert.deepEqual(await tagsHere(), ['built-here', 'v1', 'v2', 'v3']);
      // A full sync, by another filter.
      parent.configure({ syncFilter: [{ repository: 'app', tags: { include: ['v9*'] } }] });
      const v9 = await store('9', 'v9');
      await arrives(registry, 'v9', v9);
      await settled();
      assert.deepEqual(await tagsHere(), ['built-here', 'v1', 'v2', 'v3', 'v9']);
      await parent.content.untag(app, parseTag('built-here'), client);
      await arrives(registry, 'built-here', undefined);
      await store('not wanted', 'v4');
      await arrives(registry, 'v91', await store('91', 'v91'));
      assert.deepEqual(await tagsHere(), ['v1', 'v2', 'v3', 'v9', 'v91']);
    });
  },
  { timeoutMs: 60_000 },
);
