// What a node is told in several answers: what of the first came before its own change, which only a later one tells back.
import { ChildrenTable } from '../../fixtures/children-table.ts';
import { configurationOf } from '../../fixtures/configuration.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import type { Machine } from '../../fixtures/simulation/machine.ts';
import {
  type NodeOptions,
  type RunningRegistry,
  startCloud,
  startSite,
} from '../../fixtures/simulation/registry-process.ts';
import { World } from '../../fixtures/simulation/world.ts';
import type { FeedEvent } from '../content/feed.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';

const line = { delayMs: () => 1000, breaksWithin: () => undefined, isSilent: () => false };
const minuteMs = 60_000;
/** Together more than one answer tells. */
const others = Array.from({ length: 8 }, (_, number) => `other ${number}`);
const app = parseRepositoryName('app');
const mine = parseTag('mine');
const client = { origin: 'client' } as const;

class Stage {
  readonly world = new World({ seed: 1, plan: () => ({ refused: false, up: line, down: line }) });
  readonly #table = new ChildrenTable();
  readonly #machine: Machine;

  constructor() {
    this.#table.add(configurationOf('site', { mode: 'ReadWrite' }), 'secret');
    this.#machine = this.world.machine('site');
  }

  startCloud(): Promise<RunningRegistry> {
    return startCloud(this.world.start(this.world.machine('cloud')), this.#table);
  }

  startSite(alter?: NodeOptions['alter']): Promise<RunningRegistry> {
    const options = { name: 'site', parent: 'cloud', password: 'secret', random: () => 0.5, alter };
    return startSite(this.world.start(this.#machine), options);
  }

  async stop(site: RunningRegistry): Promise<void> {
    await site.close();
    this.#machine.off();
  }
}

async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = new Stage();
  try {
    await stage.world.run(() => play(stage));
  } finally {
    await stage.world.close();
  }
}

/** What became of the tag by the parent's word after the node's clients had changed it. */
async function undone({ content }: RunningRegistry, tag: typeof mine): Promise<FeedEvent[]> {
  const { events } = await content.feed.read({ after: 0, limit: 1000, accept: (event) => event.tag === tag });
  return events.slice(events.findLastIndex(({ origin }) => origin === 'client') + 1);
}

describe(
  'a node that is told of its own change in a later answer',
  ({ test }) => {
    test('keeps a tag that it put on a manifest which was deleted above before, and pushed there anew', () =>
      onStage(async (stage) => {
        const cloud = await stage.startCloud();
        const image = buildImage('image');
        const digest = await storeImage(cloud.content, 'app', image, ['v1']);
        const before = await stage.startSite();
        await stage.world.sleep(minuteMs);
        await stage.stop(before);
        await cloud.content.deleteManifest(app, digest, client);
        for (const other of others) await storeImage(cloud.content, 'app', buildImage(other), []);
        await storeImage(cloud.content, 'app', image, []);
        const site = await stage.startSite((context) => {
          const { gateway } = context;
          const isUp = async (): Promise<boolean> =>
            (await cloud.content.manifest(app, { tag: mine })) !== undefined;
          const sync: typeof gateway.sync = async (request, signal) => {
            while (request.hearsApplied && !(await isUp())) await stage.world.sleep(100);
            return gateway.sync(request, signal);
          };
          return { ...context, gateway: { ...gateway, sync } };
        });
        await site.content.tag(app, mine, digest, client);
        await stage.world.sleep(3 * minuteMs);
        assert.equal((await site.content.manifest(app, { tag: mine }))?.digest, digest);
        assert.deepEqual(await undone(site, mine), []);
      }));
  },
  { timeoutMs: 120_000 },
);
