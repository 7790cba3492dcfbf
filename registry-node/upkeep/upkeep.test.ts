// Upkeep follows the collection schedule that holds at the moment, outlives a failure, scrubs every week, and ends when it is told to.
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { assert, describe } from '../../fixtures/describe.ts';
import type { Clock } from '../clock.ts';
import type { Collected, CollectionOptions } from '../content/collection/collect.ts';
import { newPass, type ScrubProgress } from '../content/scrub/progress.ts';
import { startUpkeep, type Upkeep } from './upkeep.ts';

const none = { count: 0, bytes: 0 };
const nothing: Omit<Collected, 'dryRun'> = {
  links: 0,
  blobs: none,
  files: none,
  uploads: none,
  copies: none,
  quarantined: none,
  freedBytes: 0,
};

describe('upkeep', ({ test, beforeEach, afterEach }) => {
  let now: Date;
  let wake: (() => void) | undefined;
  let schedule: { enabled: boolean; schedule: string } | undefined;
  let collections: boolean[];
  let failing: boolean;
  /** A collection goes on until it is stopped. */
  let endless: boolean;
  let scrubbed: ScrubProgress | undefined;
  let scrubs: number;
  let upkeep: Upkeep;
  const clock: Clock = {
    now: () => now,
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        wake = resolve;
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const collectGarbage = async ({ dryRun, signal }: CollectionOptions): Promise<Collected> => {
    if (endless)
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    if (failing) throw new Error('the disk fails');
    collections.push(dryRun);
    return { ...nothing, dryRun };
  };
  const scrub = async (): Promise<ScrubProgress> => {
    scrubs++;
    if (failing) throw new Error('the disk fails');
    scrubbed = { ...newPass(now), endedAt: now.toISOString() };
    return scrubbed;
  };
  beforeEach(() => {
    now = new Date('2026-01-01T23:58:00Z');
    schedule = { enabled: true, schedule: '0 0 * * *' };
    collections = [];
    failing = endless = false;
    scrubbed = { ...newPass(now), endedAt: now.toISOString() };
    scrubs = 0;
    const damage = async () => ({ manifests: [], blobs: [] });
    const onDamage = () => () => undefined;
    const content = { collectGarbage, scrub, damage, onDamage, scrubProgress: async () => scrubbed };
    const logger = pino({ level: 'silent' });
    upkeep = startUpkeep({ content, collectionSchedule: () => schedule, clock, logger });
  });
  afterEach(() => upkeep.close());
  const minutePasses = async (): Promise<void> => {
    now = new Date(now.getTime() + 60_000);
    wake?.();
    await setImmediate();
  };

  test('collects once when the schedule is due', async () => {
    await minutePasses();
    assert.deepEqual(collections, []);
    await minutePasses();
    await minutePasses();
    assert.deepEqual(collections, [false]);
  });

  test('follows a schedule that changed, and one that was turned off', async () => {
    schedule = { enabled: false, schedule: '* * * * *' };
    await minutePasses();
    schedule = undefined;
    await minutePasses();
    assert.deepEqual(collections, []);
    schedule = { enabled: true, schedule: '* * * * *' };
    await minutePasses();
    assert.deepEqual(collections, [false]);
  });

  test('tries again when next due after a failure, and after a schedule that is none', async () => {
    failing = true;
    schedule = { enabled: true, schedule: '* * * * *' };
    await minutePasses();
    failing = false;
    schedule = { enabled: true, schedule: 'every night' };
    await minutePasses();
    schedule = { enabled: true, schedule: '* * * * *' };
    await minutePasses();
    assert.deepEqual(collections, [false]);
  });

  test('collects when somebody asks, and says what it found', async () => {
    assert.deepEqual(await upkeep.collect(true), { ...nothing, dryRun: true });
    failing = true;
    await assert.rejects(upkeep.collect(false), /the disk fails/);
  });

  test('stops a collection that runs, and only then is closed', async () => {
    endless = true;
    let ended = false;
    const collecting = assert.rejects(upkeep.collect(false), /is stopping/).then(() => (ended = true));
    await upkeep.close();
    assert.ok(ended);
    await collecting;
  });

  test('scrubs a week after the last pass ended, and at once what was interrupted or never done', async () => {
    now = new Date(now.getTime() + 7 * 24 * 3_600_000 - 120_000);
    await minutePasses();
    assert.equal(scrubs, 0);
    await minutePasses();
    await minutePasses();
    assert.equal(scrubs, 1);
    scrubbed = newPass(now);
    await minutePasses();
    scrubbed = undefined;
    await minutePasses();
    assert.equal(scrubs, 3);
  });

  test('goes on with a scrub that failed, and says how it stands', async () => {
    scrubbed = undefined;
    assert.deepEqual(await upkeep.scrubStatus(), { state: 'Never', unmended: [] });
    failing = true;
    assert.equal((await upkeep.scrub()).state, 'Running');
    await setImmediate();
    scrubbed = newPass(now);
    assert.equal((await upkeep.scrubStatus()).state, 'Interrupted');
    failing = false;
    await minutePasses();
    const complete = await upkeep.scrubStatus();
    assert.partialDeepStrictEqual(complete, { state: 'Complete', damaged: 0 });
    assert.ok(!('manifestsDone' in complete));
  });
});
