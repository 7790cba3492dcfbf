// The command tree itself: every command is where its words say, says how it is used, and its examples parse.
import { readdirSync } from 'node:fs';
import { assert, describe } from '../fixtures/describe.ts';
import { CliError } from './errors.ts';
import { globalOptions } from './parse/globals.ts';
import { parseOptions } from './parse/parser.ts';
import { isVerb, type Noun, program, type Verb } from './program.ts';
import { walk } from './walk.ts';

const commands = [...leaves(program, [])];

function* leaves(node: Noun, path: string[]): Generator<{ path: string[]; verb: Verb }> {
  for (const [word, child] of Object.entries(node.children)) {
    if (isVerb(child)) yield { path: [...path, word], verb: child };
    else yield* leaves(child, [...path, word]);
  }
}

/** Words as a shell splits them, for the quotes that examples use; leading VARIABLE=value words fall away. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  const bare = words.map((word) => word.replace(/["']/g, ''));
  return bare.slice(bare.indexOf('acrc') + 1);
}

describe('the command tree', ({ test }) => {
  test('reaches every file that holds a command', () => {
    const files = readdirSync(new URL('commands', import.meta.url), { recursive: true, encoding: 'utf8' });
    const shared =
      /(^|\/)(options|credentials-view|settings|creation|switches|run|wait-for-activation|import-source|import-layout|[^/]+\.(test|spec))\.ts$/;
    assert.equal(files.filter((file) => file.endsWith('.ts') && !shared.test(file)).length, commands.length);
  });

  for (const { path, verb } of commands) {
    test(`acrc ${path.join(' ')}: its examples are commands that parse`, async () => {
      const { default: command } = await verb.load();
      const env = { ACR_REGISTRY_CONNECTION_STRING: 'x' };
      for (const { line } of command.examples) {
        const place = walk(shellWords(line));
        assert.equal(place.path, `acrc ${path.join(' ')}`);
        const options = { ...command.options, ...globalOptions };
        await parseOptions(place.path, options, place.rest, { env, configured: async () => undefined });
      }
    });
  }

  test('an unknown word is refused with the nearest known ones', () => {
    const refusal = (message: RegExp, hint: string) => (error: unknown) =>
      error instanceof CliError && message.test(error.message) && error.hint === hint;
    assert.throws(() => walk(['tokne']), refusal(/^'tokne' is misspelled/, "Did you mean 'acrc token'?"));
    assert.throws(() => walk(['token', 'zzz']), refusal(/^'zzz' is misspelled/, "See 'acrc token --help'."));
    assert.throws(() => walk(['constructor']), refusal(/is misspelled/, "See 'acrc --help'."));
  });
});
