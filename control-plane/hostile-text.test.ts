// Every grammar of the management API and of sign-in, with text as long as a request may bring it, made to be read slowly: it is
// read or refused at once. Whoever waits, waits for the one thread of all.
import { assert, describe } from '../fixtures/describe.ts';
import { parseConditions } from './arm/filter.ts';
import { audienceKind } from './identity/audiences.ts';
import { parseGraphFilter } from './identity/graph/filter.ts';
import { checkDuration, checkSchedule } from './resources/connected-registries/schedule.ts';
import { parseAssignmentFilter } from './resources/role-assignments/filter.ts';

/** What the headers of a request hold, its path among them. */
const inUrl = 60_000;
/** What a body holds. */
const inBody = 1_000_000;
/** A millisecond is what each takes; the slow ones took five seconds and more. */
const mostMs = 1000;

describe('text that is made to be read slowly', ({ test }) => {
  const rows: readonly (readonly [grammar: string, read: (text: string) => unknown, texts: string[]])[] = [
    [
      'the resource that an access token is asked for',
      (text) => audienceKind(`https://localhost${text}`, 'localhost'),
      [`${'/'.repeat(inUrl)}x`, '/x'.repeat(inUrl / 2)],
    ],
    [
      '$filter of the directory',
      (text) => parseGraphFilter(text, { id: () => [] }),
      ['a'.repeat(inUrl), 'a/any('.repeat(inUrl / 6), `a/any(${' '.repeat(inUrl)}`],
    ],
    [
      '$filter of role assignments',
      (text) => parseAssignmentFilter(text, '/subscriptions/one'),
      [`a${' '.repeat(inUrl)}b`, ' and'.repeat(inUrl / 4)],
    ],
    [
      '$filter of resources',
      (text) => parseConditions(text, ['name']),
      [`a${' '.repeat(inUrl)}b`, 'a'.repeat(inUrl), `name eq '${"''".repeat(inUrl / 2)}`],
    ],
    [
      'a duration',
      (text) => checkDuration(text, 'messageTtl', 'messageTtl'),
      [`P${'1'.repeat(inBody)}`, `PT${'1.'.repeat(inBody / 2)}S`],
    ],
    [
      'a schedule',
      (text) => checkSchedule(text, 'schedule'),
      [`${'1,'.repeat(inBody / 2)}1 0 1 1 *`, '0 0 30 2 *', `${' '.repeat(inBody)}x`],
    ],
  ];
  for (const [grammar, read, texts] of rows) {
    test(`as ${grammar}`, () => {
      for (const text of texts) {
        const begun = performance.now();
        try {
          read(text);
        } catch (error) {
          assert.equal((error as Error).name, 'ArmError', String(error).slice(0, 200));
        }
        const tookMs = performance.now() - begun;
        assert.ok(tookMs < mostMs, `${text.slice(0, 20)}… took ${tookMs} ms`);
      }
    });
  }
});
