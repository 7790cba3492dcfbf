// Files kept open: shared, let go of when they are removed, and never closed under a reader.
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { openedBelow } from '../../fixtures/opened-below.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { createOpenFiles, type OpenFiles } from './open-files.ts';

describe('createOpenFiles', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let path: string;
  let files: OpenFiles;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-open-files-'));
    path = join(folder, 'blob');
    await writeFile(path, 'before');
    files = createOpenFiles();
  });
  afterEach(async () => {
    await files.close();
    await rm(folder, { recursive: true });
  });

  const read = (): Promise<string> =>
    files.use(path, async ({ file, size }) => {
      const { buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
      return buffer.toString();
    });

  test('opens a file once for all who read it', async () => {
    assert.deepEqual(await Promise.all([read(), read(), read()]), ['before', 'before', 'before']);
    assert.equal(openedBelow(folder).length, 1);
  });
  test('opens it anew after it was forgotten', async () => {
    await read();
    await unlink(path);
    files.forget(path);
    await writeFile(path, 'after');
    assert.equal(await read(), 'after');
  });
  test('closes what was forgotten when its last reader has done', async () => {
    const reading = files.use(path, async ({ file, size }) => {
      files.forget(path);
      return (await file.read(Buffer.alloc(size), 0, size, 0)).bytesRead;
    });
    assert.equal(await reading, 6);
    await waitFor('the file to be closed', () => openedBelow(folder).length === 0);
  });
  test('says that a file is missing, and finds it when it is there', async () => {
    await unlink(path);
    await assert.rejects(read(), /ENOENT/);
    await writeFile(path, 'later');
    assert.equal(await read(), 'later');
  });
  test('keeps no more open than it may', async () => {
    for (let index = 0; index < 200; index++) {
      path = join(folder, `${index}`);
      await writeFile(path, `${index}`);
      await read();
    }
    await waitFor('the oldest to be closed', () => openedBelow(folder).length <= 128);
  });
});
