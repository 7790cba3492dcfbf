// Bytes kept in memory: those of small blobs that are asked for again, of the file that is open now, and not without bound.
import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { createHotBytes, type HotBytes } from './hot-bytes.ts';

const mebibyte = 1024 * 1024;

describe('createHotBytes', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let hot: HotBytes;
  let opened: FileHandle[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-hot-bytes-'));
    hot = createHotBytes();
    opened = [];
  });
  afterEach(async () => {
    for (const file of opened) await file.close();
    await rm(folder, { recursive: true });
  });

  const create = async (bytes: string | Buffer): Promise<{ file: FileHandle; size: number }> => {
    const path = join(folder, `${opened.length}`);
    await writeFile(path, bytes);
    const file = await open(path, 'r');
    opened.push(file);
    return { file, size: bytes.length };
  };
  const lent = (path: string, of: { file: FileHandle; size: number }): Promise<string | undefined> =>
    hot.use(path, of, async (bytes) => bytes?.toString());
  const isHot = (path: string, of: { file: FileHandle; size: number }): Promise<boolean> =>
    hot.use(path, of, async (bytes) => bytes !== undefined);

  test('keeps what is asked for a second time', async () => {
    const blob = await create('config');
    assert.deepEqual([await lent('a', blob), await lent('a', blob)], [undefined, 'config']);
    assert.deepEqual(await Promise.all([lent('a', blob), lent('a', blob)]), ['config', 'config']);
  });
  test('keeps nothing of a larger blob', async () => {
    const blob = await create(Buffer.alloc(mebibyte + 1));
    for (let time = 0; time < 3; time++) assert.equal(await isHot('a', blob), false);
  });
  test('begins anew after it was told to forget', async () => {
    const blob = await create('config');
    for (let time = 0; time < 2; time++) await lent('a', blob);
    hot.forget('a');
    assert.equal(await lent('a', blob), undefined);
  });
  test('never lends the bytes of a file that was there before', async () => {
    const [before, after] = [await create('before'), await create('after')];
    for (let time = 0; time < 2; time++) await lent('a', before);
    assert.deepEqual([await lent('a', after), await lent('a', after)], [undefined, 'after']);
  });
  test('lends nothing of a file that is shorter than its size', async () => {
    const { file } = await create('short');
    for (let time = 0; time < 4; time++) assert.equal(await lent('a', { file, size: 100 }), undefined);
  });
  test('lets go of what was not asked for longest', async () => {
    const blob = await create(Buffer.alloc(mebibyte));
    for (let index = 0; index < 20; index++) {
      for (let time = 0; time < 2; time++) await isHot(`${index}`, blob);
    }
    assert.ok(await isHot('19', blob));
    assert.equal(await isHot('0', blob), false);
  });
  test('holds no more than 32 MiB for those who read slowly', async () => {
    const blob = await create(Buffer.alloc(mebibyte));
    const end = Promise.withResolvers<void>();
    const reading: Promise<void>[] = [];
    let held = 0;
    for (let index = 0; index < 40; index++) {
      await isHot(`${index}`, blob);
      const started = Promise.withResolvers<void>();
      const read = hot.use(`${index}`, blob, async (bytes) => {
        if (bytes) held += 1;
        started.resolve();
        await end.promise;
      });
      reading.push(read);
      await started.promise;
    }
    assert.equal(held, 32);
    end.resolve();
    await Promise.all(reading);
    for (let time = 0; time < 2; time++) await isHot('new', blob);
    assert.ok(await isHot('new', blob));
  });
});
