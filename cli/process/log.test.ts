// A log line for a person at a terminal.
import { assert, describe } from '../../fixtures/describe.ts';
import { readableLine } from './log.ts';

const time = new Date('2026-01-01T12:04:31Z');
const clock = time.toTimeString().slice(0, 8);

describe('readableLine', ({ test }) => {
  const rows: [string, string, string][] = [
    [
      'shows time and message',
      JSON.stringify({ level: 30, time: time.getTime(), msg: 'serving' }),
      `${clock} serving`,
    ],
    [
      'shows details and what went wrong behind it',
      JSON.stringify({
        level: 40,
        time: time.getTime(),
        msg: 'no answer',
        err: { message: 'refused' },
        attempt: 3,
        work: 'pull',
      }),
      `${clock} WARN no answer - refused (attempt=3, work=pull)`,
    ],
    ['leaves what is no JSON as it is', 'ERROR: something\n', 'ERROR: something'],
  ];
  for (const [name, line, expected] of rows) test(name, () => assert.equal(readableLine(line), expected));
});
