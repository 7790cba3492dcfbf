// What all sends of the process share.
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';
import type { OpenedFile } from './open-files.ts';
import { type Lease, takeChunk } from './shared-chunks.ts';

const chunk = 1024 * 1024;
const size = 40 * chunk + 100;
const content = Buffer.concat([...randomBytes('chunks', size)]);

describe('takeChunk', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let opened: OpenedFile & { reads: number[] };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-chunks-'));
    await writeFile(join(folder, 'blob'), content);
    const file = await open(join(folder, 'blob'));
    const reads: number[] = [];
    const read = file.read.bind(file) as (...words: unknown[]) => Promise<unknown>;
    const watched = (...words: unknown[]): Promise<unknown> => {
      reads.push(words[3] as number);
      return read(...words);
    };
    opened = { file: Object.assign(file, { read: watched }), size, reads };
  });
  afterEach(async () => {
    await opened.file.close();
    await rm(folder, { recursive: true });
  });
  const take = (index: number): Lease => takeChunk(opened, index * chunk, size - 1);
  const giveBack = async (leases: readonly Lease[]): Promise<void> => {
    await Promise.allSettled(leases.map(({ bytes }) => bytes));
    for (const lease of leases) lease.giveBack(true);
  };
  /** So that no chunk of another test is in use or remembered. */
  const takeAll = (): Lease[] => Array.from({ length: 25 }, (_, index) => take(index + 10));

  test('reads once what several want at the same time, and soon after', async () => {
    const leases = [take(0), take(0), take(0)];
    for (const { bytes } of leases) assert.ok((await bytes).equals(content.subarray(0, chunk)));
    await giveBack(leases);
    const late = take(0);
    assert.ok((await late.bytes).equals(content.subarray(0, chunk)));
    await giveBack([late]);
    assert.deepEqual(opened.reads, [0]);
  });
  test('lends what lies within a chunk, and what a file has of its last', async () => {
    const within = takeChunk(opened, 1000, 200_000);
    assert.ok((await within.bytes).equals(content.subarray(1000, 200_001)));
    const last = takeChunk(opened, 39 * chunk + 7, size - 1);
    assert.ok((await last.bytes).equals(content.subarray(39 * chunk + 7, 40 * chunk)));
    const end = takeChunk(opened, 40 * chunk, size - 1);
    assert.ok((await end.bytes).equals(content.subarray(40 * chunk)));
    await giveBack([within, last, end]);
  });
  test('lends 16 MiB in chunks, and small buffers to everybody else, who does not read ahead', async () => {
    const leases = takeAll();
    const shared = leases.filter(({ readsAhead }) => readsAhead);
    assert.equal(shared.length, 16);
    assert.ok(leases.every(({ readsAhead, length }) => readsAhead || length === 32 * 1024));
    await giveBack(leases);
  });
  test('uses the buffer again that nobody has used for longest, and none that is in use', async () => {
    await giveBack(takeAll());
    const used = take(1);
    await used.bytes;
    await giveBack(takeAll());
    assert.ok((await used.bytes).equals(content.subarray(chunk, 2 * chunk)));
    await giveBack([used, take(2)]);
    opened.reads.length = 0;
    await giveBack([take(1), take(2), take(10)]);
    assert.deepEqual(opened.reads, [10 * chunk]);
  });
  test('never fills a buffer anew from which somebody may still read', async () => {
    const held = take(3);
    const bytes = await held.bytes;
    held.giveBack(false);
    await giveBack(takeAll());
    assert.ok(bytes.equals(content.subarray(3 * chunk, 4 * chunk)));
  });
  test('tells all who wait that a read failed, and reads again for the next', async () => {
    const read = opened.file.read.bind(opened.file);
    const fails = (): Promise<never> => Promise.reject(new Error('EIO: the disk is broken'));
    Object.assign(opened.file, { read: fails });
    const leases = [take(4), take(4)];
    for (const { bytes } of leases) await assert.rejects(bytes, /cannot be read/);
    await giveBack(leases);
    Object.assign(opened.file, { read });
    const next = take(4);
    assert.ok((await next.bytes).equals(content.subarray(4 * chunk, 5 * chunk)));
    await giveBack([next]);
  });
});
