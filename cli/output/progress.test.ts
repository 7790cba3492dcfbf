// The line that shows how far something is.
import { assert, describe } from '../../fixtures/describe.ts';
import { barLine, type Count } from './progress.ts';

describe('a progress line', ({ test }) => {
  const rows: [string, Count, string][] = [
    ['is the text while nothing is known', { done: 0, total: 0, ms: 0 }, 'Pushing'],
    ['begins empty', { done: 0, total: 30_000_000, ms: 0 }, 'Pushing ░░░░░░░░░░░░░░░░░░░░ 0% 0.0 of 30.0 MB'],
    [
      'shows the rate once that means something',
      { done: 12_300_000, total: 30_000_000, ms: 3000 },
      'Pushing ████████░░░░░░░░░░░░ 41% 12.3 of 30.0 MB, 4.1 MB/s',
    ],
    [
      'says 99% until all is done',
      { done: 999, total: 1000, ms: 0 },
      'Pushing ████████████████████ 99% 0.0 of 0.0 MB',
    ],
    ['ends full', { done: 1e6, total: 1e6, ms: 0 }, 'Pushing ████████████████████ 100% 1.0 of 1.0 MB'],
    [
      'does not run over',
      { done: 3e6, total: 1e6, ms: 0 },
      'Pushing ████████████████████ 100% 3.0 of 1.0 MB',
    ],
  ];
  for (const [name, count, line] of rows) test(name, () => assert.equal(barLine('Pushing', count), line));
});
