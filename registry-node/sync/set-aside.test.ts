// When an image that is damaged at the parent is tried again: ever more rarely, never for long, and after a restart as before it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { jumpingClock } from '../../fixtures/jumping-clock.ts';
import { digestOf } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { ImageStep } from './plan.ts';
import { createSetAside, type SetAside } from './set-aside.ts';
import { openSyncState, type SyncState } from './state.ts';

const secondMs = 1000;
const hourMs = 3600 * secondMs;
const start = new Date('2030-01-01T00:00:00Z');

describe('what is set aside', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let state: SyncState;
  let clock: ReturnType<typeof jumpingClock>;
  let setAside: SetAside;
  const told = new Map<string, string>();
  const status = {
    raise: (key: string, { description }: { description: string }) => told.set(key, description).size > 0,
    clear: (key: string) => void told.delete(key),
  };
  const open = async (): Promise<void> => {
    state = await openSyncState(join(folder, 'sync.json'), 'feed');
    setAside = createSetAside({ name: 'site', clock, state, status });
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-set-aside-'));
    clock = jumpingClock(start);
    told.clear();
    await open();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const image = (seed: string, ...tags: string[]): ImageStep => ({
    repository: parseRepositoryName('app'),
    digest: digestOf(seed),
    copy: true,
    tags: tags.map(parseTag),
    bytes: 100,
  });
  const fail = (step: ImageStep, tookMs = 0): Promise<void> =>
    setAside.add(step, new Map(), { cause: new Error('wrong bytes'), tookMs });
  const waitSeconds = (): number => Math.ceil(setAside.dueInMs() / secondMs);

  test('is tried again after 15 seconds, and then four times as late, up to an hour', async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      await fail(image('one', 'v1'));
      waits.push(waitSeconds());
      clock.jump(setAside.dueInMs());
    }
    assert.deepEqual(waits, [15, 60, 240, 960, 3600, 3600, 3600]);
  });

  test('takes a tenth of the time at most', async () => {
    await fail(image('large'), hourMs);
    assert.equal(waitSeconds(), (9 * hourMs) / secondMs);
  });

  test('is due when its time has come, and when the clock was set back behind the last attempt', async () => {
    const step = image('one', 'v1');
    await fail(step);
    assert.deepEqual(setAside.due(), []);
    assert.ok(setAside.isWaiting(step));
    clock.set(new Date(start.getTime() - hourMs));
    assert.deepEqual(setAside.due(), [{ ...step, tags: [] }]);
    assert.ok(!setAside.isWaiting(step));
    assert.deepEqual(setAside.complete(image('one', 'v2'), new Map()).tags, ['v2', 'v1']);
  });

  test('is the same after a restart, and told again', async () => {
    const movedAt = new Map([['app v1', new Date(start.getTime() - hourMs)]]);
    const cause = new Error('wrong bytes');
    await setAside.add(image('one', 'v1', 'v2'), movedAt, { cause, tookMs: 0 });
    told.clear();
    await open();
    assert.match([...told.values()].join(), /^app@sha256:\w+ \(v1, v2\) is not here, .*: wrong bytes\. /);
    const times = new Map<string, Date>();
    assert.deepEqual(setAside.complete(image('one'), times).tags, ['v1', 'v2']);
    assert.deepEqual(times, movedAt);
    assert.deepEqual(setAside.digests(), [digestOf('one')]);
    await setAside.remove(image('one'));
    assert.equal(told.size, 0);
    assert.equal(setAside.dueInMs(), Infinity);
  });

  test('has room for a hundred images: the cursor passes no more', async () => {
    for (let count = 0; count < 100; count++) await fail(image(String(count)));
    await assert.rejects(fail(image('one more')), /wrong bytes/);
    await fail(image('99', 'v1'));
    assert.equal(setAside.digests().length, 100);
  });
});
