// What it costs a site that nothing changed: one request and one small answer in each round, however much there is.
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { jumpingClock } from '../../fixtures/jumping-clock.ts';
import { startLink } from '../../fixtures/link.ts';
import { SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { systemClock } from '../clock.ts';

const tags = Array.from({ length: 10_000 }, (_, index) => `v${index}`);
const rounds = 3;
const roundBytesMax = 4000;
const minuteMs = 60_000;

describe(
  'a site where nothing changes',
  ({ test }) => {
    test(`asks once in a round, and for nothing else, though it has ${tags.length} tags`, async () => {
      const clock = jumpingClock();
      const stage = await SyncStage.set(clock);
      const parent = await stage.parent();
      const link = await startLink({ targetPort: parent.port });
      try {
        await storeImage(parent.content, 'app', buildImage('app'), tags);
        await stage.node(link.port, {}, 'site1', systemClock);
        const head = parent.content.feed.head();
        const isDone = (): boolean =>
          parent.status?.applied?.cursor === head && parent.status.state === 'Online';
        await waitFor('all tags on site', isDone, { timeoutMs: 60_000 });
        const [asked, passed] = [parent.requests.length, { ...link.passed }];
        const roundsLater = (): boolean => {
          // Whatever waits at the parent has waited long enough.
          clock.jump(minuteMs);
          return parent.requests.length >= asked + rounds;
        };
        await waitFor('more rounds', roundsLater, { intervalMs: 200 });
        const later = parent.requests.slice(asked);
        assert.deepEqual([...new Set(later)], ['POST /acr/connected-registries/site1/sync']);
        const bytes = link.passed.downBytes + link.passed.upBytes - passed.downBytes - passed.upBytes;
        assert.ok(bytes < roundBytesMax * (later.length + 1), `${bytes} bytes for ${later.length} rounds`);
      } finally {
        await stage.strike();
        await link.close();
      }
    });
  },
  { timeoutMs: 120_000 },
);
