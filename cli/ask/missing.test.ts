// The line that says what was answered must mean the same to a shell.
import { command } from '../command.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { list, text } from '../parse/option.ts';
import type { Words } from '../parse/option.ts';
import { inOneLine } from './missing.ts';

const definition = command({
  options: { name: text('--name -n', 'A name.'), repository: list('--repository', 'Repositories.') },
  examples: [{ purpose: 'Do it.', line: 'acrc do' }],
  run: () => Promise.resolve(),
});

describe('the same in one line', ({ test }) => {
  const rows: [string, string[], Record<string, Words>, string][] = [
    ['what was typed stays', ['-n', 'a b'], {}, "acrc do -n 'a b'"],
    ['answers follow under their long names', ['-o', 'tsv'], { name: 'a' }, 'acrc do -o tsv --name a'],
    ['several words stand side by side', [], { repository: ['a', 'b/c'] }, 'acrc do --repository a b/c'],
    ['stars are quoted', [], { name: '0 2 * * *' }, "acrc do --name '0 2 * * *'"],
    ['a quote is quoted', [], { name: "it's" }, String.raw`acrc do --name 'it'\''s'`],
    ['an empty word is a word', [], { name: '' }, "acrc do --name ''"],
  ];
  for (const [name, given, answers, line] of rows) {
    test(name, () => {
      assert.equal(inOneLine('acrc do', given, definition, new Map(Object.entries(answers))), line);
    });
  }
});
