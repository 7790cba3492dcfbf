// How byte counts and durations are written.
import { assert, describe } from '../../fixtures/describe.ts';
import { bytesText, secondsText } from './bytes.ts';

describe('byte counts', ({ test }) => {
  const rows: [unknown, string | undefined][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536 * 1024, '1.5 MiB'],
    [300 * 1024 ** 3, '300 GiB'],
    [2 ** 52, '4096 TiB'],
    [undefined, undefined],
  ];
  for (const [bytes, text] of rows)
    test(`${String(bytes)} is ${String(text)}`, () => assert.equal(bytesText(bytes), text));
});

describe('durations', ({ test }) => {
  const rows: [unknown, string | undefined][] = [
    [0, '0 s'],
    [119, '119 s'],
    [120, '2 min'],
    [9000, '2.5 h'],
    [47.5 * 3600, '47.5 h'],
    [100 * 3600, '4.2 d'],
    [null, undefined],
  ];
  for (const [seconds, text] of rows)
    test(`${String(seconds)} s is ${String(text)}`, () => assert.equal(secondsText(seconds), text));
});
