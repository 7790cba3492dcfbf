// What waits for the way up: what is kept, in which order, and how it ends.
import { mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import type { Notification } from '../gateway/protocol.ts';
import { openOutbox, type Outbox } from './outbox.ts';

const notification = (number: number, at = new Date(number)): Notification => ({
  id: `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`,
  connectedRegistry: 'site1',
  loginServer: 'localhost:8080',
  action: 'push',
  at: at.toISOString(),
  repository: 'app',
  digest: 'sha256:1',
  mediaType: 'm',
  size: 1,
  tag: `v${number}`,
});
const tags = async (outbox: Outbox, limit = 100): Promise<(string | undefined)[]> =>
  (await outbox.oldest(limit)).map((waiting) => waiting.notification.tag);

describe('the outbox', ({ beforeEach, afterEach, test }) => {
  let folder: string;
  let outbox: Outbox;
  const open = async (max?: number): Promise<void> => {
    outbox = await openOutbox(join(folder, 'outbox.sqlite'), max);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-outbox-'));
    await open();
  });
  afterEach(async () => {
    await outbox.close();
    await rm(folder, { recursive: true });
  });

  test('has no file before there is something to keep', async () => {
    assert.deepEqual(await outbox.oldest(10), []);
    await outbox.remove(10);
    await outbox.follow(undefined);
    assert.equal(await outbox.expire(new Date()), 0);
    assert.deepEqual(await readdir(folder), []);
  });

  test('is made by the next attempt when the disk refused it', async () => {
    // In the place of the log of its database, which so cannot be opened.
    const obstacle = join(folder, 'outbox.sqlite-wal');
    await mkdir(obstacle);
    await assert.rejects(outbox.add([notification(1)]), /unable to open|disk I\/O/);
    assert.equal(await outbox.count(), 0);
    await rmdir(obstacle);
    await outbox.add([notification(1)]);
    assert.deepEqual(await tags(outbox), ['v1']);
  });

  test('gives the oldest first, and what it was given twice once', async () => {
    await outbox.add([notification(1), notification(2)]);
    await outbox.add([notification(2), notification(3)]);
    assert.deepEqual(await tags(outbox), ['v1', 'v2', 'v3']);
    assert.deepEqual(await tags(outbox, 2), ['v1', 'v2']);
    assert.deepEqual((await outbox.oldest(1))[0]!.notification, notification(1));
  });

  test('forgets what was told, and what happened too long ago', async () => {
    await outbox.add([1, 2, 3, 4].map((number) => notification(number)));
    await outbox.remove((await outbox.oldest(2)).at(-1)!.seq);
    assert.deepEqual(await tags(outbox), ['v3', 'v4']);
    assert.equal(await outbox.expire(new Date(4)), 1);
    assert.deepEqual(await tags(outbox), ['v4']);
  });

  test('has all of it, and the position, when it is opened again', async () => {
    await outbox.add([notification(1)], { feedId: 'feed', seq: 7 });
    await outbox.close();
    await open();
    assert.deepEqual(await tags(outbox), ['v1']);
    assert.deepEqual(await outbox.position(), { feedId: 'feed', seq: 7 });
    await outbox.follow(undefined);
    assert.equal(await outbox.position(), undefined);
  });

  test('gives up the oldest when there is no room', async () => {
    await outbox.close();
    await open(3);
    assert.equal(await outbox.add([1, 2, 3].map((number) => notification(number))), 0);
    assert.equal(await outbox.add([4, 5].map((number) => notification(number))), 2);
    assert.deepEqual(await tags(outbox), ['v3', 'v4', 'v5']);
  });

  test('says when something came', async () => {
    let came = 0;
    const end = outbox.onAdd(() => came++);
    await outbox.add([notification(1)]);
    await outbox.add([], { feedId: 'feed', seq: 1 });
    end();
    await outbox.add([notification(2)]);
    assert.equal(came, 1);
  });
});
