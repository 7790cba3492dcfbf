// Between a commit and the disk: nobody is told of what a power cut could still take away, and nobody waits for what it may.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { assert, describe } from '../../fixtures/describe.ts';
import { holdSyncs } from '../../fixtures/disk-faults.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { systemClock } from '../clock.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { Content } from './content.ts';
import { openContent } from './open.ts';

const app = parseRepositoryName('app');
const other = parseRepositoryName('other');
const image = buildImage('unsynced');
const { digest } = image.blobs[0]!;
const change = { origin: 'client' } as const;

describe('while the disk has not answered', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-unsynced-'));
    content = await openContent({ folder, clock: systemClock });
    await storeImage(content, app, image, ['v1']);
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Begins `work` on a disk that does not answer, looks meanwhile, and lets the disk answer. */
  const meanwhile = async <T>(
    work: () => Promise<T>,
    look: (isDone: () => boolean) => Promise<void>,
  ): Promise<T> => {
    const syncs = await holdSyncs();
    try {
      let done = false;
      const working = work().finally(() => (done = true));
      await syncs.asked;
      await look(() => done);
      syncs.release();
      return await working;
    } finally {
      syncs.release();
    }
  };
  const untag = (): Promise<boolean> => content.untag(app, parseTag('v1'), change);

  test('the feed ends before a change, and goes on with it afterwards', async () => {
    const head = content.feed.head();
    let heard = 0;
    content.feed.onAppend(() => (heard += 1));
    await meanwhile(untag, async (isDone) => {
      assert.deepEqual(await content.feed.read({ after: head, limit: 10 }), { events: [], scanned: head });
      assert.deepEqual([content.feed.head(), heard, isDone()], [head, 0, false]);
    });
    const { events } = await content.feed.read({ after: head, limit: 10 });
    assert.deepEqual([events.map(({ action }) => action), heard], [['untag'], 1]);
  });

  test('a mount is not answered, also when another has mounted the same before', async () => {
    let answers = 0;
    const mount = async (): Promise<boolean> => {
      const mounted = await content.linkBlob(other, digest);
      answers += 1;
      return mounted;
    };
    const isMounted = async (): Promise<boolean> => (await content.blobSize(other, digest)) !== undefined;
    const twice = async (): Promise<boolean[]> => {
      const first = mount();
      // Committed, it can be seen; the second finds nothing left to do.
      while (!(await isMounted())) await turn();
      return Promise.all([first, mount()]);
    };
    const mounted = await meanwhile(twice, async () => {
      while (!(await isMounted())) await turn();
      for (let turns = 0; turns < 50; turns++) await turn();
      assert.equal(answers, 0);
    });
    assert.deepEqual([mounted, answers], [[true, true], 2]);
  });

  test('an upload begins all the same: whom a power cut takes it from begins another', async () => {
    await meanwhile(untag, async (isDone) => {
      const id = await content.uploads.start(app, 'client');
      assert.equal(await content.uploads.bytes(app, id), 0);
      assert.equal(isDone(), false);
    });
  });
});
