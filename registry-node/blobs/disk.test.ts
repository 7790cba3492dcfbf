// The store on disk keeps what every store promises, and outlives what happens to files.
import { mkdir, mkdtemp, readdir, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { flowOf } from './flow.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { describeBlobStore } from '../../fixtures/blob-store-suite.ts';
import { digestHex, digestOf } from '../oci/digest.ts';
import { openDiskBlobs } from './disk.ts';
import { sharedHashThread } from './hash-thread.ts';

describeBlobStore('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'acrc-blobs-'));
  return {
    open: () => openDiskBlobs(folder),
    leftovers: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('a thread that hashes and ends in the middle of a blob', ({ test }) => {
  test('costs nothing but time: the blob is read once more, and the next has a new thread', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-blobs-'));
    const store = await openDiskBlobs(folder);
    for (const id of ['upload-1', 'upload-2']) {
      const pieces = [1, 2, 3].map((fill) => Buffer.alloc(1024 * 1024, `${id} ${fill}`));
      const digest = digestOf(Buffer.concat(pieces));
      const blob = await store.unfinished(id, { isNew: true });
      for (const piece of pieces) {
        await blob.append(flowOf(Readable.from([piece])));
        if (id === 'upload-1') await sharedHashThread()?.end();
      }
      await blob.commit(digest);
      assert.equal(await store.size(digest), 3 * 1024 * 1024);
    }
    await store.close();
    await rm(folder, { recursive: true });
  });
});

describe('a folder whose files are damaged', ({ test }) => {
  test('sends what was stored again, and nothing of the damaged file that it still had open or in memory', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-blobs-'));
    const store = await openDiskBlobs(folder);
    const bytes = Buffer.from('as it was pushed');
    const digest = digestOf(bytes);
    const put = async (): Promise<void> => {
      const blob = await store.unfinished('upload-1');
      await blob.append(flowOf(Readable.from([bytes])));
      await blob.commit(digest);
    };
    const sent = async (): Promise<string> => {
      const target = new PassThrough();
      await store.send(digest, target);
      return (await buffer(target.end())).toString();
    };
    await put();
    const hex = digestHex(digest);
    await writeFile(join(folder, 'sha256', hex.slice(0, 2), hex), 'as it is damaged');
    for (let time = 0; time < 3; time++) assert.equal(await sent(), 'as it is damaged');
    await put();
    for (let time = 0; time < 3; time++) assert.equal(await sent(), 'as it was pushed');
    await store.close();
    await rm(folder, { recursive: true });
  });

  test('lets go of an unfinished blob that cannot be removed, so that the next one opens it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-blobs-'));
    const store = await openDiskBlobs(folder);
    const path = join(folder, 'unfinished', 'upload-1');
    const blob = await store.unfinished('upload-1');
    await unlink(path);
    await mkdir(path);
    await assert.rejects(blob.discard(), /EISDIR|EPERM/);
    await rmdir(path);
    const next = await store.unfinished('upload-1');
    assert.equal(next.bytes, 0);
    await next.discard();
    await store.close();
    await rm(folder, { recursive: true });
  });
});
