// A node that may talk to its parent for an hour a day, through a link that counts: what is cut by the end of a window goes on
// in the next at the byte where it stopped, nothing passes in between, and a clock that somebody sets is noticed within a minute.
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage, uploadImage } from '../../fixtures/images/stored.ts';
import { type JumpingClock, jumpingClock } from '../../fixtures/jumping-clock.ts';
import { type Link, startLink } from '../../fixtures/link.ts';
import type { Parent } from '../../fixtures/parent.ts';
import { arrives, arrivesAbove, has, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import type { NodeConfiguration } from '../gateway/protocol.ts';
import type { RemoteRegistry } from '../remote/open.ts';
import { windowAt } from '../sync-window.ts';

const mebibyte = 1024 * 1024;
const minuteMs = 60_000;
const at = (time: string, day = 10): Date => new Date(`2026-03-${day}T${time}:00Z`);
const unreadable = 'when the moon is full';
const nightly = { schedule: '30 9 * * *', syncWindow: 'PT1H' };

describe(
  'a node with a window',
  ({ test, beforeEach, afterEach }) => {
    let clock: JumpingClock;
    let stage: SyncStage;
    let parent: Parent;
    let link: Link;
    /** The parent's requests outside its configuration's windows, the activation of a node that knows none yet aside. */
    let outside: string[];
    /** `start-end` of what was asked for of blobs, or sent of uploads, since it was emptied. */
    let ranges: string[];

    const open = async (change: Partial<NodeConfiguration>, bytesPerSecond?: number): Promise<void> => {
      parent = await stage.parent(change);
      link = await startLink({ targetPort: parent.port, ...(bytesPerSecond && { bytesPerSecond }) });
      outside = [];
      ranges = [];
      parent.intercept = ({ method, url, headers }) => {
        if (parent.status && isClosed(parent.configuration)) outside.push(`${method} ${url}`);
        const range = headers.range ?? headers['content-range'];
        if (range !== undefined) ranges.push(range.replace('bytes=', ''));
        return false;
      };
    };
    const isClosed = ({ schedule, syncWindow }: NodeConfiguration): boolean =>
      schedule !== unreadable && !windowAt({ schedule, syncWindow }, clock.now()).open;
    /** Lets `minutes` pass, each by itself, and what wakes in them do what it does. */
    const pass = async (minutes: number): Promise<void> => {
      for (let passed = 0; passed < minutes; passed++) {
        clock.jump(minuteMs);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    /** Waits until the link is still. @returns all that has passed by then, up and down */
    const stillness = async (): Promise<number> => {
      const { passed } = link;
      let last = -1;
      return waitFor(
        'the link to be still',
        () => {
          const before = last;
          last = passed.downBytes + passed.upBytes;
          return before === last && last;
        },
        { intervalMs: 100 },
      );
    };
    const isSilent = async (minutes = 180): Promise<void> => {
      const before = await stillness();
      await pass(minutes);
      assert.equal(await stillness(), before, 'bytes passed outside the window');
      assert.deepEqual(outside, []);
    };

    const start = async (change: Partial<NodeConfiguration>): Promise<RemoteRegistry> => {
      await open(change);
      const node = await stage.node(link.port);
      assert.equal(await node.firstContact, undefined);
      return stage.client(node);
    };
    /** A push at the cloud arrives now. */
    const follows = async (registry: RemoteRegistry, tag: string): Promise<void> => {
      await arrives(registry, tag, await storeImage(parent.content, 'app', buildImage(tag), [tag]));
    };
    const closes = (): Promise<unknown> => waitFor('the connections to end', () => link.connections === 0);

    beforeEach(async () => {
      clock = jumpingClock(at('08:00'));
      stage = await SyncStage.set(clock);
    });
    afterEach(async () => {
      await stage.strike();
      await link.close();
    });

    test('is cut in the middle of a pull, and goes on at that byte in the next', async () => {
      await open(nightly, 4 * mebibyte);
      const image = buildImage('large', [6 * mebibyte]);
      await storeImage(parent.content, 'app', image, ['v1']);
      const registry = stage.client(await stage.node(link.port, { chunkBytes: mebibyte }));
      await waitFor('the activation', () => parent.status);
      await isSilent(89);

      clock.jumpTo(at('09:30'));
      await waitFor('the middle of the copy', () => link.passed.downBytes > 2.5 * mebibyte);
      clock.jumpTo(at('10:30'));
      const atTheEnd = link.passed.downBytes;
      await isSilent();
      assert.ok(link.passed.downBytes - atTheEnd < mebibyte / 2, 'it stopped at once');
      assert.ok(await has(registry, 'v1', undefined), 'nothing is shown that is not whole');
      const before = link.passed.downBytes;

      ranges = [];
      clock.jumpTo(at('09:30', 11));
      await arrives(registry, 'v1', image.digest);
      const resumedAt = Number.parseInt(ranges[0]!, 10);
      process.stdout.write(
        `\n${before} bytes down until the first window closed; the next went on at byte ${resumedAt}; ${link.passed.downBytes} altogether\n`,
      );
      assert.ok(resumedAt > 2 * mebibyte, `it went on at ${resumedAt}`);
      assert.ok(link.passed.downBytes < 7 * mebibyte, `${link.passed.downBytes} bytes for 6 MiB`);
    });

    test('is cut in the middle of an upload, and goes on at that byte in the next', async () => {
      await open(nightly, 4 * mebibyte);
      const registry = stage.client(await stage.node(link.port, { chunkBytes: mebibyte }));
      await waitFor('the activation', () => parent.status);
      clock.jumpTo(at('11:00'));
      const image = buildImage('large, from the site', [6 * mebibyte]);
      await uploadImage(registry, 'app', image, 'v1');
      await isSilent();

      clock.jumpTo(at('09:30', 11));
      await waitFor('the middle of the upload', () => link.passed.upBytes > 2.5 * mebibyte);
      clock.jumpTo(at('10:30', 11));
      const atTheEnd = link.passed.upBytes;
      await isSilent();
      // What the system had taken of the chunk still goes its way.
      assert.ok(link.passed.upBytes - atTheEnd < 1.1 * mebibyte, 'it stopped at once');
      const before = link.passed.upBytes;

      ranges = [];
      clock.jumpTo(at('09:30', 12));
      await arrivesAbove(parent, 'v1', image.digest);
      const resumedAt = Number.parseInt(ranges[0]!, 10);
      process.stdout.write(
        `\n${before} bytes up until the first window closed; the next went on at byte ${resumedAt}; ${link.passed.upBytes} altogether\n`,
      );
      assert.ok(resumedAt >= mebibyte, `it went on at ${resumedAt}`);
      assert.ok(link.passed.upBytes < 7.5 * mebibyte, `${link.passed.upBytes} bytes for 6 MiB`);
    });

    test('follows what happens in the window, and what it missed, in the next', async () => {
      const registry = await start(nightly);
      const early = await storeImage(parent.content, 'app', buildImage('early'), ['early']);
      await isSilent(89);
      clock.jumpTo(at('09:30'));
      await arrives(registry, 'early', early);
      await follows(registry, 'v1');
      // What is on its way while the clock jumps would be one for after the window.
      await stillness();
      clock.jumpTo(at('10:30'));
      await closes();
      const missed = await storeImage(parent.content, 'app', buildImage('missed'), ['missed']);
      await isSilent();
      assert.ok(await has(registry, 'missed', undefined));
      clock.jumpTo(at('09:30', 11));
      await arrives(registry, 'missed', missed);
    });

    test('goes on through the edges of windows that overlap', async () => {
      const registry = await start({ schedule: '0 * * * *', syncWindow: 'PT90M' });
      await follows(registry, 'v1');
      for (const time of ['08:30', '09:00', '09:30', '10:00', '10:30']) {
        clock.jumpTo(at(time));
        await follows(registry, time.replace(':', '-'));
      }
      assert.deepEqual(outside, []);
    });

    test('takes a schedule that changes while it is open at once', async () => {
      const registry = await start(nightly);
      clock.jumpTo(at('09:30'));
      await follows(registry, 'v1');
      parent.configure({ schedule: '0 20 * * *' });
      await closes();
      // Until the node had it, the old schedule held.
      outside = [];
      await isSilent(8 * 60);
      clock.jumpTo(at('20:00'));
      await follows(registry, 'v2');
    });

    test('learns of a schedule that changed while it was closed when it opens', async () => {
      const registry = await start(nightly);
      await closes();
      parent.configure({ schedule: '* * * * *' });
      const before = await stillness();
      await pass(80);
      assert.equal(await stillness(), before);
      clock.jumpTo(at('09:30'));
      await follows(registry, 'v1');
      clock.jumpTo(at('10:30'));
      await follows(registry, 'v2');
    });

    for (const [what, shown] of [
      ['back, to before the window', at('07:00')],
      ['back by a year', new Date('2025-03-10T12:00:00Z')],
      ['on, to after the window', at('12:00')],
    ] as const) {
      test(`closes within a minute when its clock is set ${what}`, async () => {
        const registry = await start(nightly);
        clock.jumpTo(at('09:45'));
        await follows(registry, 'v1');
        clock.set(shown);
        await pass(1);
        await closes();
        clock.set(at('09:50'));
        await pass(1);
        await follows(registry, 'v2');
      });
    }

    test('opens within a minute when its clock is set on, into the window', async () => {
      const registry = await start(nightly);
      await closes();
      clock.set(at('09:50'));
      await pass(1);
      await follows(registry, 'v1');
    });

    test('goes on telling of a copy when its clock is set back', async () => {
      await open({}, 2 * mebibyte);
      const large = buildImage('large', [6 * mebibyte]);
      await storeImage(parent.content, 'app', large, ['large']);
      const registry = stage.client(await stage.node(link.port, { chunkBytes: mebibyte }));
      const left = (): number => parent.status?.outstandingBytes ?? 0;
      const told = await waitFor('a report of what is left', () => left() > 0 && left());
      clock.set(new Date('2025-03-10T12:00:00Z'));
      await waitFor('another', () => {
        clock.jump(5000);
        return left() > 0 && left() < told;
      });
      await arrives(registry, 'large', large.digest);
    });

    test('tells when it was done by the clock of its parent', async () => {
      await open({});
      const image = await storeImage(parent.content, 'app', buildImage('app'), ['v1']);
      const own = jumpingClock(new Date('2024-02-29T12:00:00Z'));
      const registry = stage.client(await stage.node(link.port, {}, 'site1', own));
      await arrives(registry, 'v1', image);
      const done = await waitFor('the report', () => parent.status?.lastSyncTime);
      assert.match(done, /^2026-03-10T08:0/);
    });

    test('reads every schedule that the control plane takes', async () => {
      const registry = await start({ schedule: '30 9/20 * * *', syncWindow: 'PT1H' });
      await closes();
      await isSilent(80);
      clock.jumpTo(at('09:30'));
      await follows(registry, 'v1');
    });

    test('of a schedule that it cannot read says so, and goes on until there is another', async () => {
      const registry = await start({ schedule: unreadable });
      await follows(registry, 'v1');
      const codes = (): string[] | undefined => parent.status?.statusDetails.map(({ code }) => code);
      await waitFor('the report', () => codes()?.includes('ScheduleInvalid'));
      parent.configure({ schedule: '* * * * *' });
      await waitFor('the end of the report', () => codes()?.length === 0);
    });
  },
  { timeoutMs: 60_000 },
);
