// Feeds are trimmed hour by hour, whatever went wrong in the hour before.
import { pino } from 'pino';
import { assert, describe } from '../fixtures/describe.ts';
import { jumpingClock } from '../fixtures/jumping-clock.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import type { CloudRegistries } from './cloud-registry/registries.ts';
import { trimFeeds } from './feed-trimming.ts';
import { connectedRegistryKind } from './resources/connected-registries/schema.ts';
import type { Resources } from './store/resources.ts';

const dayMs = 24 * 3_600_000;

describe('trimming the feeds', ({ test }) => {
  test('goes on an hour after the database or one of the feeds could not be read', async () => {
    const clock = jumpingClock();
    const stop = new AbortController();
    const faults = ['resources', 'feed'];
    const fail = (fault: string): void => {
      if (faults[0] === fault) throw new Error(`${faults.shift()} cannot be read`);
    };
    const connected = ['P2D', 'P30D'].map((messageTtl) => ({ properties: { messageTtl } }));
    const resources = {
      all: async () => {
        fail('resources');
        return [{ id: '/registries/one', name: 'one' }];
      },
      list: async (kind: unknown) => (kind === connectedRegistryKind ? connected : []),
    } as unknown as Resources;
    const trimmed: Date[] = [];
    const trim = async (before: Date): Promise<void> => {
      fail('feed');
      trimmed.push(before);
    };
    const registries = { get: async () => ({ content: { feed: { trim } } }) } as unknown as CloudRegistries;
    const warnings: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line) => void warnings.push(line) });
    const trimming = trimFeeds({ resources, registries, clock, logger, stop: stop.signal });
    for (const hour of [1, 2]) {
      await waitFor(`warning ${hour}`, () => warnings.length === hour);
      clock.jump(3_600_000);
    }
    await waitFor('a trim', () => trimmed.length === 1);
    stop.abort();
    await trimming;
    assert.match(warnings.join(), /resources cannot be read.*feed cannot be read/s);
    const keptMs = clock.now().getTime() - trimmed[0]!.getTime();
    assert.ok(Math.abs(keptMs - 30 * dayMs) < 60_000, 'as long as the longest message lives');
  });
});
