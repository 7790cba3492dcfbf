// The parser's promises, a row per case: what words become, and az's sentences when they cannot.
import { assert, describe } from '../../fixtures/describe.ts';
import { choice, flag, groups, integer, list, listOrNone, text, threeState } from './option.ts';
import { type Defaults, parseOptions } from './parser.ts';

const options = {
  name: text('--name -n', 'The name.', { required: true }),
  registry: text('--registry -r', 'The registry.', { required: true, configured: 'acr' }),
  group: text('--group --resource-group -g', 'The group.', { env: 'GROUP' }),
  mode: choice('--mode -m', 'The mode.', ['ReadOnly', 'ReadWrite'], { fallback: 'ReadOnly' }),
  yes: flag('--yes -y', 'Agree.'),
  noPasswords: threeState('--no-passwords', 'Make none.'),
  tokens: list('--tokens', 'Tokens.'),
  add: listOrNone('--add', 'More.'),
  repository: groups('--repository', 'Rules.'),
  top: integer('--top', 'So many.', { min: 1, max: 9 }),
};
const defaults: Defaults = { env: {}, configured: async () => undefined };
const must = ['-n', 'a', '-r', 'b'];

const parse = (words: readonly string[], more: Partial<Defaults> = {}) =>
  parseOptions('acrc thing do', options, words, { ...defaults, ...more });

describe('words become option values', ({ test }) => {
  const rows: [string, string[], Partial<Awaited<ReturnType<typeof parse>>>][] = [
    ['short and long names', ['--name', 'a', '-r', 'b'], { name: 'a', registry: 'b', mode: 'ReadOnly' }],
    ['a value behind an equals sign', [...must, '--tokens=x'], { tokens: ['x'] }],
    [
      'a value behind an equals sign and a short name',
      ['-n=a', '-r=b=c', '-m=ReadWrite'],
      { name: 'a', registry: 'b=c', mode: 'ReadWrite' },
    ],
    [
      'the beginning of a name',
      ['--nam', 'a', '--reg=b', '--no-p'],
      { name: 'a', registry: 'b', noPasswords: true },
    ],
    ['an alias', [...must, '--resource-group', 'g'], { group: 'g' }],
    ['an alias with an equals sign', [...must, '--resource-group=g'], { group: 'g' }],
    ['a choice in any case', [...must, '-m', 'readwrite'], { mode: 'ReadWrite' }],
    ['a flag', [...must, '-y'], { yes: true }],
    [
      'an absent flag',
      must,
      { yes: false, noPasswords: undefined, tokens: undefined, repository: undefined },
    ],
    ['a switch that stands alone', [...must, '--no-passwords', '-y'], { noPasswords: true, yes: true }],
    ['a switch that is turned off', [...must, '--no-passwords', 'FALSE'], { noPasswords: false }],
    ['several words', ['--tokens', 'x', 'y', ...must], { tokens: ['x', 'y'] }],
    ['no words where none are needed', ['--add', ...must], { add: [] }],
    [
      'each use of a repeated option as a group of its own',
      [...must, '--repository', 'r', 'content/read', '--repository', 's', 'content/read', 'content/write'],
      {
        repository: [
          ['r', 'content/read'],
          ['s', 'content/read', 'content/write'],
        ],
      },
    ],
    ['a group behind an equals sign', [...must, '--repository=r', 'x'], { repository: [['r', 'x']] }],
    ['a whole number', [...must, '--top', '9'], { top: 9 }],
    ['stars and spaces as they are', ['-n', '* * * * *', '-r', 'b'], { name: '* * * * *' }],
  ];
  for (const [name, words, expected] of rows) {
    test(name, async () => {
      assert.partialDeepStrictEqual(await parse(words), expected);
    });
  }

  test('what is missing comes from the environment', async () => {
    assert.equal((await parse(must, { env: { GROUP: 'from-env' } })).group, 'from-env');
  });
  test('what is missing comes from the kept defaults', async () => {
    const values = await parse(['-n', 'a'], { configured: async (name) => `kept-${name}` });
    assert.equal(values.registry, 'kept-acr');
  });
});

describe('where somebody can be asked', ({ test }) => {
  test('what is required and missing is asked for, and the answers are read as words are', async () => {
    const asked: unknown[] = [];
    const values = await parse(['-n', 'a'], {
      ask: async ({ missing, absent, read }) => {
        asked.push(missing, absent.includes('mode'), absent.includes('name'));
        read('registry', 'b');
        read('mode', 'readwrite');
      },
    });
    assert.deepEqual(asked, [['registry'], true, false]);
    assert.partialDeepStrictEqual(values, { name: 'a', registry: 'b', mode: 'ReadWrite' });
  });
  test('nobody is asked when nothing required is missing', async () => {
    await parse(must, { ask: () => assert.fail('it asked') });
  });
  test('what stays without an answer is named', async () => {
    const ask = (): Promise<void> => Promise.resolve();
    await assert.rejects(parse(['-n', 'a'], { ask }), /arguments are required: --registry\/-r$/);
  });
});

describe('what was mistyped is refused with what was probably meant', ({ test }) => {
  const rows: [string, string[], string | undefined][] = [
    ['an option', [...must, '--tokesn', 'x'], "Did you mean '--tokens'?"],
    ['an option with its value attached', [...must, '--mdoe=ReadOnly'], "Did you mean '--mode'?"],
    ['a choice', [...must, '--mode', 'readwirte'], "Did you mean 'ReadWrite'?"],
    ['the beginning of two choices', [...must, '--mode', 'read'], "Did you mean 'ReadOnly' or 'ReadWrite'?"],
    ['what is like nothing', [...must, '--frobnicate'], undefined],
  ];
  for (const [name, words, hint] of rows) {
    test(name, async () => {
      await assert.rejects(parse(words), { kind: 'parser', hint });
    });
  }
});

describe('words that do not parse are refused in the words of az', ({ test }) => {
  const rows: [string, string[], string][] = [
    ['everything required', [], 'the following arguments are required: --name/-n, --registry/-r'],
    [
      'a bad choice',
      [...must, '--mode', 'foo'],
      "acrc thing do: 'foo' is not a valid value for '--mode'. Allowed values: ReadOnly, ReadWrite.",
    ],
    [
      'a bad switch',
      [...must, '--no-passwords', 'maybe'],
      "acrc thing do: 'maybe' is not a valid value for '--no-passwords'. Allowed values: true, false.",
    ],
    ['unknown words', [...must, '--foo', 'x', 'y'], 'unrecognized arguments: --foo x y'],
    ['a value too many', [...must, 'x'], 'unrecognized arguments: x'],
    ['a value too few', ['-n', 'a', '-r'], 'argument --registry/-r: expected one argument'],
    ['a forgotten value', ['--name', '--registry', 'b'], 'argument --name/-n: expected one argument'],
    ['an empty name', [...must, '-n', ''], 'argument --name/-n: the value is empty'],
    [
      'an empty name that is kept elsewhere, too',
      [...must, '--registry='],
      'argument --registry/-r: the value is empty',
    ],
    [
      'the beginning of two options',
      ['--name', 'a', '--re', 'b'],
      'ambiguous option: --re could match --registry, --resource-group, --repository',
    ],
    ['an empty list', [...must, '--tokens'], 'argument --tokens: expected at least one argument'],
    ['an empty group', [...must, '--repository'], 'argument --repository: expected at least one argument'],
    [
      'a number out of bounds',
      [...must, '--top', '10'],
      "argument --top: '10' is not a whole number from 1 to 9",
    ],
  ];
  for (const [name, words, message] of rows) {
    test(name, async () => {
      await assert.rejects(parse(words), { name: 'CliError', kind: 'parser', message });
    });
  }
});
