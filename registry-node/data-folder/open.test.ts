// Two nodes on one folder, or a folder of another node, would lose data: these are the doors that keep them apart.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { assert, describe } from '../../fixtures/describe.ts';
import { openDocument } from './document.ts';
import { version } from '../version.ts';
import { lockFile } from './lock.ts';
import { DataFolderError, openDataFolder } from './open.ts';

describe('a data folder', ({ test, beforeEach, afterEach }) => {
  let parent: string;
  let path: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'acrc-data-'));
    path = join(parent, 'factory1');
  });
  afterEach(() => rm(parent, { recursive: true }));
  const refusal = (pattern: RegExp) => (error: unknown) =>
    error instanceof DataFolderError && pattern.test(error.message);

  test('is made for its owner alone', async () => {
    (await openDataFolder(path, 'factory1')).close();
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    assert.equal((await stat(join(path, 'node.json'))).mode & 0o777, 0o600);
  });

  test('keeps its instance id', async () => {
    const first = await openDataFolder(path, 'factory1');
    first.close();
    const second = await openDataFolder(path, 'factory1');
    second.close();
    assert.equal(second.instanceId, first.instanceId);
  });

  test('is refused to a second node while the first one runs, naming its process', async () => {
    const first = await openDataFolder(path, 'factory1');
    await assert.rejects(
      openDataFolder(path, 'factory1'),
      refusal(new RegExp(`process ${process.pid} holds it`)),
    );
    first.close();
    (await openDataFolder(path, 'factory1')).close();
  });

  test('is free again the moment its process is killed', async () => {
    (await openDataFolder(path, 'factory1')).close();
    const script = `
      import { lockFile } from ${JSON.stringify(import.meta.resolve('./lock.ts'))};
      lockFile(${JSON.stringify(join(path, 'lock'))});
      console.log('locked');
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(holder.stdout, 'data');
    await assert.rejects(
      openDataFolder(path, 'factory1'),
      refusal(new RegExp(`process ${holder.pid} holds it`)),
    );
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    (await openDataFolder(path, 'factory1')).close();
  });

  test('is refused to another connected registry', async () => {
    (await openDataFolder(path, 'factory1')).close();
    await assert.rejects(
      openDataFolder(path, 'factory2'),
      refusal(/belongs to the connected registry 'factory1'/),
    );
  });

  test('that a newer version wrote is refused and left as it is', async () => {
    (await openDataFolder(path, 'factory1')).close();
    const file = join(path, 'node.json');
    const newer = JSON.stringify({
      ...JSON.parse(await readFile(file, 'utf8')),
      format: 99,
      version: '7.8.9',
      more: true,
    });
    await writeFile(file, newer);
    const both = new RegExp(
      `newer version .*7\\.8\\.9, format 99.*This is acrc ${version}, .*formats up to 1`,
    );
    await assert.rejects(openDataFolder(path, 'factory1'), refusal(both));
    assert.equal(await readFile(file, 'utf8'), newer);
  });

  test('that cannot be made is refused with the reason', async () => {
    await writeFile(path, 'a file');
    await assert.rejects(openDataFolder(path, 'factory1'), refusal(/cannot be used: .*(EEXIST|ENOTDIR)/));
  });

  test('locks without leaving anything that needs cleaning', () => {
    const lock = join(parent, 'lock');
    lockFile(lock)();
    lockFile(lock)();
    assert.match(execFileSync('ls', [parent], { encoding: 'utf8' }), /^lock\n$/);
  });
});

describe('a state document', ({ test, before, after }) => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-document-'));
  });
  after(() => rm(folder, { recursive: true }));
  const schema = z.object({ count: z.number() });

  test('is what was saved last, however saves overlap', async () => {
    const path = join(folder, 'counter.json');
    const document = await openDocument(path, schema, { count: 0 });
    await Promise.all([1, 2, 3, 4, 5].map((count) => document.save({ count })));
    assert.deepEqual((await openDocument(path, schema, { count: 0 })).value, { count: 5 });
  });

  test('that is damaged is named, with what to do', async () => {
    const path = join(folder, 'damaged.json');
    await writeFile(path, '{"count": "on');
    await assert.rejects(openDocument(path, schema, { count: 0 }), /damaged\.json is damaged\. Remove it/);
  });
});
