// Who runs is written down so that the right process is stopped, and no other: not one of another home, and not one that
// has got the number of a process that ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { type Home, homeOf } from '../home.ts';
import { identityOf } from './identity.ts';
import { AlreadyRuns, claim, isAlive, listRecords, release, type RunRecord, update } from './run-record.ts';

const sleeping = 'setInterval(() => {}, 1e9)';

describe('run records', ({ test, beforeEach, afterEach }) => {
  let home: Home;
  let children: ChildProcess[] = [];

  beforeEach(async () => {
    home = homeOf({ ACRC_HOME: await mkdtemp(join(tmpdir(), 'acrc-run-')) });
  });
  afterEach(async () => {
    for (const child of children) await end(child);
    children = [];
    await rm(home.folder, { recursive: true, force: true });
  });

  async function process(name: string): Promise<{ child: ChildProcess; record: RunRecord }> {
    const child = spawn(globalThis.process.execPath, ['-e', sleeping], { stdio: 'ignore' });
    children.push(child);
    await once(child, 'spawn');
    const identity = await identityOf(child.pid!);
    assert.ok(identity !== undefined);
    const startedAt = '2026-01-01T00:00:00.000Z';
    return {
      child,
      record: {
        kind: 'node',
        name,
        pid: child.pid!,
        identity,
        startedAt,
        state: 'starting',
        dataFolder: '/data',
      },
    };
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  test('a name is claimed once while its process lives', async () => {
    const { record } = await process('factory1');
    await claim(home, record);
    const second = await process('factory1');
    await assert.rejects(
      claim(home, second.record),
      (error) => error instanceof AlreadyRuns && error.record.pid === record.pid,
    );
    await claim(home, { ...second.record, name: 'factory2' });
    assert.deepEqual(
      (await listRecords(home, 'node')).map(({ name }) => name),
      ['factory1', 'factory2'],
    );
  });

  test('a name whose process was killed is free again', async () => {
    const first = await process('factory1');
    await claim(home, first.record);
    await end(first.child);
    assert.equal(await isAlive(first.record), false);
    const second = await process('factory1');
    await claim(home, second.record);
    assert.equal((await listRecords(home, 'node'))[0]?.pid, second.record.pid);
  });

  test('a process that has the number of an ended one is another process', async () => {
    const { record } = await process('factory1');
    assert.equal(await isAlive({ ...record, identity: `${record.identity}0` }), false);
    assert.equal(await isAlive(record), true);
  });

  test('only the process that holds a name gives it back', async () => {
    const { record } = await process('factory1');
    await claim(home, record);
    await release(home, { ...record, identity: 'another' });
    assert.equal((await listRecords(home, 'node')).length, 1);
    await release(home, record);
    assert.deepEqual(await readdir(home.runFolder), []);
  });

  test('an update leaves one record and no piece of it', async () => {
    const { record } = await process('a/b');
    await claim(home, record);
    await update(home, { ...record, state: 'running', address: 'localhost:8080' });
    assert.deepEqual(await readdir(home.runFolder), ['node-a%2Fb.json']);
    assert.equal((await listRecords(home, 'node'))[0]?.address, 'localhost:8080');
  });
});
