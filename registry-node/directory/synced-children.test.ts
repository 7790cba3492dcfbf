// What a parent node asks of the nodes below it, when it was told to from above, and what it keeps of what they report.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { configurationOf } from '../../fixtures/configuration.ts';
import { nodeStatusOf } from '../../fixtures/node-status.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { NodeConfiguration } from '../gateway/protocol.ts';
import { openSyncedChildren } from './synced-children.ts';
import type { SyncedDirectory } from './synced.ts';

const status = nodeStatusOf(new Date('2026-03-01T12:00:00Z'));

describe('what a node knows of its children', ({ beforeEach, afterEach, test }) => {
  let folder: string;
  let nowMs = 0;
  let configuration: NodeConfiguration;
  /** As it comes from above, where a full sync of the child was asked for so often. */
  const tell = (resyncs: number): void => {
    const syncToken = { name: 'child1', status: 'enabled' as const, actions: [], passwords: [] };
    const children = [{ syncToken, configuration: configurationOf('machine1'), resyncs }];
    configuration = configurationOf('site1', { children });
  };
  /** A minute passes between two looks at the clock, so that each report is worth a write. */
  const clock: Clock = { ...systemClock, now: () => new Date((nowMs += 60_000)) };
  const open = () => {
    const directory = {
      get configuration() {
        return configuration;
      },
      onApply: () => () => undefined,
    };
    return openSyncedChildren(join(folder, 'children.json'), directory as unknown as SyncedDirectory, clock);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-children-'));
    tell(2);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('asks for a full sync that the cloud wants until the child begins it, also after a restart', async () => {
    const children = await open();
    await children.activate('machine1', 'one', { status, descendants: {} });
    assert.equal(await children.pendingFullSync('machine1'), undefined);
    tell(3);
    assert.equal(await children.pendingFullSync('machine1'), 'ManualResync');
    const again = await open();
    assert.equal(await again.pendingFullSync('machine1'), 'ManualResync');
    await again.fullSyncStarted('machine1', 'ManualResync');
    assert.equal(await again.pendingFullSync('machine1'), undefined);
    assert.equal(await (await open()).pendingFullSync('machine1'), undefined);
  });

  test('asks for none of a child that was never there', async () => {
    assert.equal(await (await open()).pendingFullSync('machine1'), undefined);
  });

  test('takes a report that the disk does not take, and refuses what must not be lost', async () => {
    const children = await open();
    await children.activate('machine1', 'one', { status, descendants: {} });
    await rm(folder, { recursive: true });
    await children.report('machine1', 'one', { status, descendants: {} });
    assert.ok(children.descendants().machine1);
    await assert.rejects(children.deactivate('machine1', 'one'), /ENOENT/);
    await mkdir(folder);
  });
});
