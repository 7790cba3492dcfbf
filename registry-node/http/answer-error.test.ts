// What an operator finds in the log of a failed request, beside what its client is told.
import { pino } from 'pino';
import { assert, describe } from '../../fixtures/describe.ts';
import { OciError } from '../oci/errors.ts';
import { createServer } from './server.ts';

describe('a request that fails', ({ test }) => {
  const cause = new Error('ENOSPC: no space left on device, write');
  const rows: [what: string, error: Error, status: number, logged: RegExp | undefined][] = [
    ['for want of what it asks for is not logged', new OciError('BLOB_UNKNOWN'), 404, undefined],
    [
      'for want of room is logged, with what the disk said',
      new OciError('INSUFFICIENT_STORAGE', undefined, undefined, { cause }),
      507,
      /"level":40.*ENOSPC.*\/failing".*refused/,
    ],
    ['by surprise is logged as an error', new Error('a surprise'), 500, /"level":50.*a surprise.*\/failing"/],
  ];
  for (const [what, error, status, logged] of rows) {
    test(what, async () => {
      const lines: string[] = [];
      const app = createServer({ logger: pino({ level: 'info' }, { write: (line) => lines.push(line) }) });
      app.get('/failing', () => Promise.reject(error));
      const answer = await app.inject({ url: '/failing?secret=1' });
      await app.close();
      assert.equal(answer.statusCode, status);
      assert.equal(lines.length, logged ? 1 : 0);
      if (logged) assert.match(lines[0]!, logged);
      assert.ok(!lines.join().includes('secret'));
    });
  }
});
