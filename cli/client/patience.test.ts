// Which answers are asked for again, and when.
import { assert, describe } from '../../fixtures/describe.ts';
import { controlPlanePatience, type Patience, registryPatience, waitBefore } from './patience.ts';

const now = new Date('2025-01-01T00:00:00Z');

describe('a request is made again', ({ test }) => {
  const rows: [string, Patience, string, number, unknown, number, number | undefined][] = [
    ['a busy server, after what it says', controlPlanePatience, 'POST', 429, '7', 1, 7],
    [
      'a busy server that names a time',
      controlPlanePatience,
      'GET',
      503,
      'Wed, 01 Jan 2025 00:00:09 GMT',
      1,
      9,
    ],
    ['a time that is over', controlPlanePatience, 'GET', 503, 'Wed, 01 Jan 2020 00:00:00 GMT', 1, 0],
    ['a server that wants hours: half a minute', controlPlanePatience, 'GET', 429, '7200', 1, 30],
    ['a server that says nothing useful', controlPlanePatience, 'GET', 429, 'soon', 1, 1],
    ['the third time after a longer pause', controlPlanePatience, 'GET', 503, undefined, 3, 4],
    ['not a fifth time', controlPlanePatience, 'GET', 503, '1', 4, undefined],
    ['a failure of what can be done twice', controlPlanePatience, 'PUT', 500, undefined, 1, 1],
    ['a failing gateway', controlPlanePatience, 'DELETE', 502, undefined, 2, 2],
    ['no failure of what cannot be done twice', controlPlanePatience, 'POST', 500, '1', 1, undefined],
    ['no refusal', controlPlanePatience, 'GET', 409, '1', 1, undefined],
    ['nothing that is not implemented', controlPlanePatience, 'GET', 501, '1', 1, undefined],
    ['a registry, every five seconds', registryPatience, 'GET', 500, undefined, 2, 5],
    ['a registry, three times in all', registryPatience, 'GET', 500, undefined, 3, undefined],
  ];
  for (const [name, patience, method, status, retryAfter, attempt, seconds] of rows) {
    test(name, () =>
      assert.equal(waitBefore({ method, status, retryAfter }, attempt, patience, now), seconds),
    );
  }
});
