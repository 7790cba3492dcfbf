// What clients of a node do while it is in the middle of a full sync: the listing that it removes by was begun before.
import { ChildrenTable } from '../../fixtures/children-table.ts';
import { configurationOf } from '../../fixtures/configuration.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { type NodeOptions, startCloud, startSite } from '../../fixtures/simulation/registry-process.ts';
import { World } from '../../fixtures/simulation/world.ts';
import type { Content } from '../content/content.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';

/** So slow that a full sync of a few pages takes a minute. */
const line = { delayMs: () => 1000, breaksWithin: () => undefined, isSilent: () => false };
const repositories = ['app', 'tools/new'];
const minuteMs = 60_000;
const app = parseRepositoryName('app');
const v1 = parseTag('v1');

describe(
  'a full sync of a node to which clients push',
  ({ test }) => {
    test('leaves at every moment what went up between two of its pages', async () => {
      const table = new ChildrenTable();
      const row = table.add(configurationOf('site', { mode: 'ReadWrite' }), 'secret');
      const world = new World({ seed: 1, plan: () => ({ refused: false, up: line, down: line }) });
      const play = async (): Promise<void> => {
        const cloud = await startCloud(world.start(world.machine('cloud')), table);
        for (let number = 0; number < 12; number++)
          await storeImage(cloud.content, 'app', buildImage(`old ${number}`), []);
        const options = { name: 'site', parent: 'cloud', password: 'secret', random: () => 0.5 };
        const site = await startSite(world.start(world.machine('site')), options);
        await world.sleep(5 * minuteMs);
        table.demandFullSync('site', 'ManualResync');
        while (row.pendingFullSync) await world.sleep(100);
        const pushed = await Promise.all(
          repositories.map((repository) =>
            storeImage(site.content, repository, buildImage(repository), ['new']),
          ),
        );
        const held = async (content: typeof site.content) => {
          const reading = repositories.map((repository) =>
            content.manifest(parseRepositoryName(repository), { tag: parseTag('new') }),
          );
          return (await Promise.all(reading)).map((manifest) => manifest?.digest);
        };
        for (let moment = 0; moment < 600; moment++) {
          await world.sleep(200);
          assert.deepEqual(await held(site.content), pushed);
        }
        assert.deepEqual(await held(cloud.content), pushed);
      };
      try {
        await world.run(play);
      } finally {
        await world.close();
      }
    });

    test('removes what is not listed of a repository also when a client changes something else of it meanwhile', async () => {
      const table = new ChildrenTable();
      table.add(configurationOf('site', { mode: 'ReadWrite' }), 'secret');
      const world = new World({ seed: 1, plan: () => ({ refused: false, up: line, down: line }) });
      const play = async (): Promise<void> => {
        const cloud = await startCloud(world.start(world.machine('cloud')), table);
        await storeImage(cloud.content, 'app', buildImage('app'), ['v1', 'v2']);
        const options = { name: 'site', parent: 'cloud', password: 'secret', random: () => 0.5 };
        const machine = world.machine('site');
        const before = await startSite(world.start(machine), options);
        await world.sleep(minuteMs);
        await before.close();
        machine.off();
        await cloud.content.deleteRepository(app, { origin: 'client' });
        table.demandFullSync('site', 'ManualResync');
        const alter: NodeOptions['alter'] = (context) => {
          const deleteRepository: Content['deleteRepository'] = async (repository, change) => {
            await context.content.untag(app, v1, { origin: 'client' });
            return context.content.deleteRepository(repository, change);
          };
          return { ...context, content: { ...context.content, deleteRepository } };
        };
        const { content } = await startSite(world.start(machine), { ...options, alter });
        await world.sleep(minuteMs);
        assert.deepEqual(await content.repositories(), []);
      };
      try {
        await world.run(play);
      } finally {
        await world.close();
      }
    });
  },
  { timeoutMs: 120_000 },
);
