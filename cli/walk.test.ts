// The command tree itself: every command is where its words say, says how it is used, and its examples parse.
import { readdirSync, readFileSync } from 'node:fs';
import { commands as listCommands } from '../fixtures/command-tree.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { CliError } from './errors.ts';
import { notOffered } from './not-offered.ts';
import { globalOptions } from './parse/globals.ts';
import { parseOptions } from './parse/parser.ts';
import { isListed } from './program.ts';
import { walk } from './walk.ts';

const commands = [...listCommands()];

/** Words as a shell splits them, for the quotes that examples use; what stands before `acrc` and behind a pipe falls away. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  const start = words.findIndex((word) => /^(<\()?acrc$/.test(word));
  const end = words.findIndex((word) => /^[|>]/.test(word));
  const own = words.slice(start + 1, end < 0 ? undefined : end);
  return own.map((word) => word.replace(/["']/g, '').replace(/\)$/, words[start] === 'acrc' ? ')' : ''));
}

describe('the command tree', ({ test }) => {
  test('reaches every file that holds a command', () => {
    const folder = new URL('commands/', import.meta.url);
    const held = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^(?!.*\.(test|spec)\.ts$).*\.ts$/.test(file))
      .filter((file) => readFileSync(new URL(file, folder), 'utf8').includes('\nexport default '));
    const named = readFileSync(new URL('program.ts', import.meta.url), 'utf8').matchAll(
      /import\('\.\/commands\/([^']+)'\)/g,
    );
    assert.deepEqual(new Set(held), new Set([...named].map(([, file]) => file)));
  });

  for (const { path, verb } of commands) {
    test(`acrc ${path.join(' ')}: it has two examples at least, and they are commands that parse`, async () => {
      const { default: command } = await verb.load();
      const lines = new Set(command.examples.map(({ line }) => line));
      assert.ok(lines.size >= 2, `it has ${lines.size}`);
      const env = { ACR_REGISTRY_CONNECTION_STRING: 'x' };
      for (const { line } of command.examples) {
        const place = walk(shellWords(line));
        if (isListed(verb)) assert.equal(place.path, `acrc ${path.join(' ')}`);
        const options = { ...command.options, ...globalOptions };
        await parseOptions(place.path, options, place.rest, { env, configured: async () => undefined });
      }
    });
  }

  test('what az has and acrc does not is refused in a sentence, and is in no other place', () => {
    const page = readFileSync(new URL('../docs/differences-from-az.md', import.meta.url), 'utf8');
    for (const [name, reason] of Object.entries(notOffered)) {
      assert.throws(() => walk([...name.split(' '), 'create']), {
        kind: 'parser',
        message: `'az acr ${name}' has no counterpart in acrc: ${reason}`,
      });
      assert.ok(page.includes(`\`${name}\``), `the page of differences names ${name}`);
    }
  });

  test('an unknown word is refused with the nearest known ones', () => {
    const refusal = (message: RegExp, hint: string) => (error: unknown) =>
      error instanceof CliError && message.test(error.message) && error.hint === hint;
    assert.throws(() => walk(['tokne']), refusal(/^'tokne' is misspelled/, "Did you mean 'acrc token'?"));
    assert.throws(() => walk(['token', 'zzz']), refusal(/^'zzz' is misspelled/, "See 'acrc token --help'."));
    assert.throws(() => walk(['constructor']), refusal(/is misspelled/, "See 'acrc --help'."));
  });
});
