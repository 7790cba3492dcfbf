// A file written around the page cache holds the same bytes as any other, whatever does not fit into blocks.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { withDiskFault } from '../../fixtures/disk-faults.ts';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';
import { openDirectFile } from './direct-file.ts';
import { blockBytes, giveBackWriteBuffer, takeWriteBuffer } from './write-buffers.ts';

const mebibyte = 1024 * 1024;

describe('openDirectFile', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let path: string;
  const buffer = takeWriteBuffer();
  buffer.set(Buffer.concat([...randomBytes('direct', buffer.length)]));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-direct-'));
    path = join(folder, 'file');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const rows: [what: string, before: number, from: number, length: number][] = [
    ['whole blocks', 0, 0, mebibyte],
    ['blocks and a part of one', 0, 0, mebibyte - 1],
    ['less than a block', 0, 0, 10],
    ['what begins within a block', 5, 0, mebibyte],
    ['blocks after blocks', blockBytes, 0, mebibyte],
    ['bytes that begin anywhere in memory', 0, 1, mebibyte - 1],
  ];
  for (const [what, before, from, length] of rows) {
    test(`writes ${what}`, async () => {
      const bytes = buffer.subarray(from, from + length);
      await writeFile(path, Buffer.alloc(before, 'b'));
      const opened = await openDirectFile(path);
      assert.equal(opened.size, before);
      await opened.write(bytes, before);
      await opened.close();
      assert.ok((await readFile(path)).equals(Buffer.concat([Buffer.alloc(before, 'b'), bytes])));
    });
  }

  const newRows: [what: string, length: number][] = [
    ['whole blocks', mebibyte],
    ['blocks and a part of one', mebibyte - 1],
    ['less than a block', 10],
    ['nothing', 0],
  ];
  for (const [what, length] of newRows) {
    test(`makes a file that is new with its first bytes: ${what}`, async () => {
      const bytes = buffer.subarray(0, length);
      const opened = await openDirectFile(path, { isNew: true });
      assert.equal(existsSync(path), false);
      await opened.write(bytes, 0);
      await opened.datasync();
      await opened.close();
      assert.ok((await readFile(path)).equals(bytes));
    });
  }

  test('makes a file that is new on the second try, when the first finds no place for it', async () => {
    const later = join(folder, 'later');
    for (const bytes of [buffer, buffer.subarray(0, 10)]) {
      const opened = await openDirectFile(join(later, 'file'), { isNew: true });
      await assert.rejects(opened.write(bytes, 0), /ENOENT/);
      await mkdir(later);
      await opened.write(bytes, 0);
      await opened.close();
      assert.ok((await readFile(join(later, 'file'))).equals(bytes));
      await rm(later, { recursive: true });
    }
  });

  test('writes all when the disk takes a part at a time', async () => {
    const opened = await openDirectFile(path);
    assert.equal(opened.size, 0);
    await withDiskFault('writes that take a part', () => opened.write(buffer, 0));
    await opened.close();
    assert.ok((await readFile(path)).equals(buffer));
  });
  test('says so when the disk fails', async () => {
    const opened = await openDirectFile(path);
    await withDiskFault('a write that fails', () => assert.rejects(opened.write(buffer, 0), /EIO/));
    await opened.close();
  });
  test('is told of a file that cannot be made', () =>
    assert.rejects(openDirectFile(join(path, 'missing')), /ENOENT/));
});

describe('write buffers', ({ test }) => {
  test('are used again, and are smaller for a crowd', () => {
    const first = takeWriteBuffer();
    giveBackWriteBuffer(first);
    const crowd = Array.from({ length: 70 }, () => takeWriteBuffer());
    assert.equal(crowd[0], first);
    assert.ok(crowd.at(-1)!.length < first.length);
    for (const { length } of crowd) assert.equal(length % blockBytes, 0);
    for (const buffer of crowd) giveBackWriteBuffer(buffer);
  });
});
