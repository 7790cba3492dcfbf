// A folder that is kept open is synced each time, and opened anew once a sync of it has failed.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { withDiskFault } from '../../fixtures/disk-faults.ts';
import { openedBelow } from '../../fixtures/opened-below.ts';
import { createOpenFolders } from './open-folders.ts';

describe('createOpenFolders', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-folders-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const handles = (): number => openedBelow(folder).length;

  test('opens a folder once, and closes it at the end', async () => {
    const folders = createOpenFolders();
    await Promise.all([folders.sync(folder), folders.sync(folder)]);
    await folders.sync(folder);
    assert.equal(handles(), 1);
    await folders.close();
    assert.equal(handles(), 0);
  });

  test('tells of a sync that fails, and lets go of the folder', async () => {
    const folders = createOpenFolders();
    await folders.sync(folder);
    await withDiskFault('a sync of a folder that fails', () => assert.rejects(folders.sync(folder), /EIO/));
    assert.equal(handles(), 0);
    await folders.sync(folder);
    assert.equal(handles(), 1);
    await folders.close();
  });

  test('syncs what has the name now when somebody has removed or moved the folder', async () => {
    const folders = createOpenFolders();
    const hash = join(folder, '4f');
    const replaceBy: readonly ((path: string) => Promise<void>)[] = [
      (path) => rm(path, { recursive: true }),
      (path) => rename(path, `${path}-aside`),
    ];
    await mkdir(hash);
    for (const replace of replaceBy) {
      await folders.sync(hash);
      await replace(hash);
      await mkdir(hash);
      await Promise.all([folders.sync(hash), folders.sync(hash)]);
      assert.deepEqual(openedBelow(folder), [hash]);
    }
    await folders.close();
    assert.deepEqual(openedBelow(folder), []);
  });

  test('tells of a folder that is missing, and finds it when it is there', async () => {
    const folders = createOpenFolders();
    const missing = join(folder, 'missing');
    await assert.rejects(folders.sync(missing), /ENOENT/);
    await mkdir(missing);
    await folders.sync(missing);
    await folders.close();
  });
});
