// For every command: what words mean to it, or what is said against them.
import { tables } from '../../fixtures/commands/all.ts';
import { commandPaths, withoutRow } from '../../fixtures/commands/table.ts';
import { parsedText } from '../../fixtures/commands/transcript.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { matchGolden } from '../../fixtures/golden.ts';

describe('the words of commands', ({ test }) => {
  test('every command has a row', () => {
    assert.deepEqual(
      withoutRow(
        commandPaths(),
        tables.flatMap(({ parsed }) => parsed),
      ),
      [],
    );
  });
  for (const table of tables) {
    test(`${table.about}: mean what they always did`, async () => {
      const golden = new URL(`../../fixtures/commands/goldens/${table.about}.parsed.txt`, import.meta.url);
      await matchGolden(golden, await parsedText(table));
    });
  }
});
