// Where colours are wanted.
import { assert, describe } from '../../fixtures/describe.ts';
import { paintFor, wantsColour } from './paint.ts';

describe('colour', ({ test }) => {
  const rows: [string, boolean, NodeJS.ProcessEnv, boolean][] = [
    ['on a terminal', true, {}, true],
    ['not in a pipe', false, {}, false],
    ['not on a terminal that is dumb', true, { TERM: 'dumb' }, false],
    ['nowhere with NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['in a pipe with FORCE_COLOR', false, { FORCE_COLOR: '' }, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
  ];
  for (const [name, isTTY, env, wanted] of rows) {
    test(name, () => assert.equal(wantsColour({ isTTY }, env), wanted));
  }
  test('is the same text with its codes around it', () => {
    assert.equal(paintFor({ isTTY: true }, {})('red', 'ERROR:'), '\u001b[31mERROR:\u001b[39m');
    assert.equal(paintFor({}, {})('red', 'ERROR:'), 'ERROR:');
  });
});
