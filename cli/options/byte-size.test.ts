// Which words are a size or a rate, and what is said of those that are none.
import { assert, describe } from '../../fixtures/describe.ts';
import { byteSize, rate } from './byte-size.ts';

const bandwidth = rate('--bandwidth', 'How fast.', 'ACRC_BANDWIDTH');
const budget = byteSize('--day-budget', 'How much.', 'ACRC_DAY_BUDGET');

describe('--bandwidth', ({ test }) => {
  const rates: [string, number][] = [
    ['2MB/s', 2_000_000],
    ['500KB/s', 500_000],
    ['500kB/s', 500_000],
    ['1MiB/s', 1_048_576],
    ['1.5 MB/s', 1_500_000],
    ['8Mbit/s', 1_000_000],
    ['256kbit/s', 32_000],
    ['10Mbps', 1_250_000],
    ['20000B/s', 20_000],
  ];
  for (const [written, bytesPerSecond] of rates) {
    test(`takes ${written}`, () => assert.equal(bandwidth.read(written), bytesPerSecond));
  }
  // Without a unit, and where megabits and megabytes cannot be told apart, nothing is guessed.
  for (const wrong of [
    '2',
    '2MB',
    '2mb/s',
    '2Mb/s',
    '8mbps',
    '-1MB/s',
    '0MB/s',
    '9KB/s',
    '1TB/s',
    '2 M B/s',
    '',
  ]) {
    test(`refuses '${wrong}'`, () => {
      assert.throws(() => bandwidth.read(wrong), {
        kind: 'parser',
        message: `argument --bandwidth: '${wrong}' is not from 10KB/s to 125GB/s, like 2MB/s, 1MiB/s or 8Mbit/s`,
      });
    });
  }
});

describe('--day-budget', ({ test }) => {
  const sizes: [string, number][] = [
    ['500MB', 500_000_000],
    ['500mb', 500_000_000],
    ['2GB', 2_000_000_000],
    ['1.5GiB', 1_610_612_736],
    ['1 TB', 1_000_000_000_000],
    ['5000000b', 5_000_000],
  ];
  for (const [written, bytes] of sizes) {
    test(`takes ${written}`, () => assert.equal(budget.read(written), bytes));
  }
  for (const wrong of ['500', '500M', '2GB/s', '0GB', '999KB', '2e3GB', '']) {
    test(`refuses '${wrong}'`, () => {
      assert.throws(() => budget.read(wrong), {
        kind: 'parser',
        message: `argument --day-budget: '${wrong}' is not from 1MB to 1000TB, like 500MB, 2GB or 2GiB`,
      });
    });
  }
});
