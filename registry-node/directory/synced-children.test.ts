// What a parent node asks of the nodes below it, when it was told to from above.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { configurationOf } from '../../fixtures/configuration.ts';
import { nodeStatusOf } from '../../fixtures/node-status.ts';
import { systemClock } from '../clock.ts';
import type { NodeConfiguration } from '../gateway/protocol.ts';
import { openSyncedChildren } from './synced-children.ts';
import type { SyncedDirectory } from './synced.ts';

const status = nodeStatusOf(new Date('2026-03-01T12:00:00Z'));

describe('a full sync that was asked for at the cloud', ({ beforeEach, afterEach, test }) => {
  let folder: string;
  let configuration: NodeConfiguration;
  /** As it comes from above, where a full sync of the child was asked for so often. */
  const tell = (resyncs: number): void => {
    const syncToken = { name: 'child1', status: 'enabled' as const, actions: [], passwords: [] };
    const children = [{ syncToken, configuration: configurationOf('machine1'), resyncs }];
    configuration = configurationOf('site1', { children });
  };
  const open = () => {
    const directory = {
      get configuration() {
        return configuration;
      },
      onApply: () => () => undefined,
    };
    return openSyncedChildren(
      join(folder, 'children.json'),
      directory as unknown as SyncedDirectory,
      systemClock,
    );
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-children-'));
    tell(2);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is passed on until the child begins it, also after a restart', async () => {
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

  test('is no business of a child that was never there', async () => {
    assert.equal(await (await open()).pendingFullSync('machine1'), undefined);
  });
});
