// `acrc node windows`, from the folder that a node left behind: it does not run.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Printed, runHere } from '../../../fixtures/commands/terminal.ts';
import { configurationOf } from '../../../fixtures/configuration.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { systemClock } from '../../../registry-node/clock.ts';
import { openDataFolder } from '../../../registry-node/data-folder/open.ts';
import { openSyncedDirectory } from '../../../registry-node/directory/synced.ts';
import type { NodeConfiguration } from '../../../registry-node/gateway/protocol.ts';
import type { SyncWindows } from '../../sync-windows.ts';

describe('acrc node windows', ({ test, beforeEach, afterEach }) => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'acrc-windows-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  /** As a node leaves it. */
  const leave = async (folder: string, configuration: NodeConfiguration): Promise<void> => {
    const data = await openDataFolder(folder, configuration.name);
    const directory = await openSyncedDirectory(data.statePath('configuration'), systemClock);
    await directory.apply(configuration, '1');
    data.close();
  };
  const nightly = (name: string): NodeConfiguration =>
    configurationOf(name, { schedule: '0 2 * * *', syncWindow: 'PT4H' });
  const acrc = (words: string, env = {}): Promise<Printed> =>
    runHere({ words: words.split(' '), env: { ACRC_HOME: home, NO_COLOR: '1', ...env }, terminal: false });
  const json = async (words: string, env = {}): Promise<SyncWindows> => {
    const { code, stdout, stderr } = await acrc(words, env);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };

  test('shows ten of the only node that is kept', async () => {
    await leave(join(home, 'nodes', 'ship1'), nightly('ship1'));
    const { windows, ...about } = await json('node windows');
    const open = windows[0]!.open;
    assert.deepEqual(about, {
      name: 'ship1',
      schedule: '0 2 * * *',
      syncWindow: 'PT4H',
      continuous: false,
      open,
    });
    assert.equal(windows.length, 10);
    for (const [index, window] of windows.entries()) {
      assert.match(window.opens, /T02:00:00/);
      assert.match(window.closes ?? '', /T06:00:00/);
      if (index > 0) assert.ok(window.opensInSeconds > 0 && !window.open);
    }
    const { stdout } = await acrc('node windows -o table');
    assert.match(stdout, /^STATE +OPENS \(UTC\) +CLOSES \(UTC\) +IN\n/);
    assert.equal(stdout.trim().split('\n').length, 12);
  });

  test('shows those of a folder kept elsewhere', async () => {
    const folder = join(home, 'elsewhere');
    await leave(folder, nightly('ship2'));
    assert.equal((await json(`node windows --data ${folder}`)).name, 'ship2');
    assert.equal((await json('node windows', { ACR_REGISTRY_DATA_VOLUME: folder })).name, 'ship2');
  });

  test('says of a node without windows that it is always open', async () => {
    await leave(join(home, 'nodes', 'site1'), configurationOf('site1'));
    const { continuous, open, windows } = await json('node windows --name site1');
    assert.deepEqual([continuous, open, windows], [true, true, []]);
    assert.match((await acrc('node windows -o table')).stdout, /always open/);
  });

  test('asks which of several', async () => {
    await leave(join(home, 'nodes', 'ship1'), nightly('ship1'));
    await leave(join(home, 'nodes', 'ship2'), nightly('ship2'));
    const { code, stderr } = await acrc('node windows');
    assert.equal(code, 1);
    assert.match(stderr, /ship1, ship2.*\n.*--name/);
    assert.equal((await json('node windows --name ship2')).name, 'ship2');
  });

  test('says so when the node was never activated', async () => {
    (await openDataFolder(join(home, 'nodes', 'ship1'), 'ship1')).close();
    const { code, stderr } = await acrc('node windows');
    assert.equal(code, 1);
    assert.match(stderr, /has no schedule: it was never activated/);
  });
});
