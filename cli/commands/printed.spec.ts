// Every command against a real control plane, through a pipe and at a terminal: what it prints, byte for byte.
import { tables } from '../../fixtures/commands/all.ts';
import { layGround } from '../../fixtures/commands/lay.ts';
import { commandPaths, withoutRow } from '../../fixtures/commands/table.ts';
import { printedText } from '../../fixtures/commands/transcript.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { matchGolden } from '../../fixtures/golden.ts';

describe(
  'what commands print',
  ({ test }) => {
    test('every command has a row', () => {
      const lines = tables.flatMap(({ run }) => run.map((row) => (typeof row === 'string' ? row : row.line)));
      assert.deepEqual(withoutRow(commandPaths(), lines), []);
    });
    for (const table of tables) {
      for (const kind of ['pipe', 'terminal'] as const) {
        test(`${table.about}: ${kind === 'pipe' ? 'through a pipe' : 'at a terminal'}`, async () => {
          const golden = new URL(
            `../../fixtures/commands/goldens/${table.about}.${kind}.txt`,
            import.meta.url,
          );
          const ground = await layGround();
          try {
            await matchGolden(golden, await printedText(table, ground, kind === 'terminal'));
          } finally {
            await ground.close();
          }
        });
      }
    }
  },
  { timeoutMs: 60_000 },
);
