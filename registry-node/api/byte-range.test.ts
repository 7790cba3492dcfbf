// Range headers: the three forms, what cannot be satisfied, and what is ignored.
import { assert, describe } from '../../fixtures/describe.ts';
import { parseRange } from './byte-range.ts';

const size = 1500;
const rows: [header: string | undefined, expected: ReturnType<typeof parseRange>][] = [
  [undefined, undefined],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=500-1499', { start: 500, end: 1499 }],
  ['bytes=500-9999', { start: 500, end: 1499 }],
  ['bytes=500-', { start: 500, end: 1499 }],
  ['bytes=-500', { start: 1000, end: 1499 }],
  ['bytes=-9999', { start: 0, end: 1499 }],
  ['bytes=1500-', 'unsatisfiable'],
  ['bytes=1500-1600', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=2-1', 'unsatisfiable'],
  ['bytes=-', undefined],
  ['bytes=0-1,5-6', undefined],
  ['items=0-1', undefined],
  ['bytes=a-b', undefined],
  [`bytes=${'9'.repeat(40)}-`, undefined],
];

describe('parseRange', ({ test }) => {
  for (const [header, expected] of rows) {
    test(`reads ${header ?? 'no header'} of ${size} bytes`, () => {
      assert.deepEqual(parseRange(header, size), expected);
    });
  }
  test('finds nothing to satisfy in an empty blob', () => {
    assert.equal(parseRange('bytes=0-', 0), 'unsatisfiable');
    assert.equal(parseRange('bytes=-1', 0), 'unsatisfiable');
  });
});
