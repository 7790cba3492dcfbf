// Makes an estate as a file describes it (docs/estate.md): what is missing is made, what differs is changed, and what the file
// does not name stays, unless --prune.
import { readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Arm } from '../client/arm.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';
import { yes } from '../options/yes.ts';
import { toTable } from '../output/table.ts';
import { flag, text } from '../parse/option.ts';
import { isInteractive } from '../prompt.ts';
import { changesView } from '../views/change.ts';
import type { Change } from '../estate/difference.ts';

export default command({
  description:
    'Running it again changes nothing. On a terminal the changes are shown and confirmed first; elsewhere only deletions need ' +
    '--yes. Passwords are not made: use `acrc token credential generate` and `acrc connected-registry get-settings`.',
  options: {
    file: text('--file -f', 'The file, in YAML or JSON; - is standard input.', { required: true }),
    dryRun: flag('--dry-run', 'Only show what would change.'),
    prune: flag('--prune', 'Delete what a list in the file leaves out, of that kind and in that registry.'),
    yes,
  },
  examples: [
    { purpose: 'See what would change.', line: 'acrc apply -f estate.yaml --dry-run -o table' },
    {
      purpose: 'Make the estate as the file says, and delete what its lists leave out.',
      line: 'acrc apply -f estate.yaml --prune --yes',
    },
  ],
  view: changesView,
  async run({ file, dryRun, prune, yes }, context) {
    const changes = await plan(context, await read(file, context), file, prune);
    if (dryRun || changes.length === 0) return changes;
    const deletes = changes.filter(({ action }) => action === 'delete').length;
    if (!yes && (deletes > 0 || isInteractive(context))) {
      const screen = { terminal: true, columns: context.stderr.columns || undefined, colour: false };
      context.stderr.write(`${toTable(changes, { view: changesView, sorted: true, screen })}\n`);
      const deletions = deletes > 0 ? `, ${deletes} of them deletions` : '';
      await context.confirm(`Make these ${changes.length} changes${deletions}?`, yes);
    }
    await make(context, changes);
    return changes;
  },
});

async function read(file: string, { process }: Context): Promise<string> {
  const { estateBytesMax } = await import('../estate/read.ts');
  const bytes = file === '-' ? await buffer(process.stdin) : await open(file, estateBytesMax);
  if (bytes.length <= estateBytesMax) return bytes.toString('utf8');
  throw failure(
    `'${file}' is larger than ${estateBytesMax} bytes.`,
    'Split it: each part is applied by itself.',
  );
}

async function open(file: string, bytesMax: number): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    return size > bytesMax ? Buffer.alloc(bytesMax + 1) : await readFile(file);
  } catch (error) {
    throw failure(`'${file}' cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

async function plan(context: Context, content: string, file: string, prune: boolean): Promise<Change[]> {
  const { readEstate } = await import('../estate/read.ts');
  const { desiredOf } = await import('../estate/desired.ts');
  const { differenceOf } = await import('../estate/difference.ts');
  const { readExisting } = await import('../estate/existing.ts');
  const { pruneOf, undeclared } = await import('../estate/prune.ts');
  const estate = readEstate(content, file);
  const subscription = await context.subscription();
  const { existing, inside } = await readExisting(await context.arm(), estate, subscription);
  /** What the file does not name and stays may need what a sync token has beyond the file. */
  const keepsMore = new Set(
    inside
      .filter((each) => undeclared(each).length > 0 && !(prune && each.declared.connectedRegistries))
      .map(({ declared }) => declared.name),
  );
  const changes = differenceOf(
    desiredOf(estate, subscription),
    existing,
    ({ registry }) => registry !== undefined && keepsMore.has(registry),
  );
  return [...changes, ...(prune ? inside.flatMap(pruneOf) : [])];
}

async function make(context: Context, changes: readonly Change[]): Promise<void> {
  const arm = await context.arm();
  for (const [done, change] of changes.entries()) {
    try {
      await context.during(
        `${done + 1} of ${changes.length}: ${change.action} '${change.name}'`,
        makeOne(arm, change),
      );
    } catch (error) {
      context.warn(
        `${done} of ${changes.length} changes were made; it stopped at '${change.name}'. Mend what follows and apply the file again: it goes on from there.`,
      );
      throw error;
    }
  }
}

async function makeOne(arm: Arm, change: Change): Promise<void> {
  const { bodyOf } = await import('../estate/difference.ts');
  const { groupApiVersion } = await import('../estate/existing.ts');
  const path = change.kind === 'group' ? `${change.id}?api-version=${groupApiVersion}` : change.id;
  if (change.action === 'delete') await arm.delete(path);
  else if (change.action === 'create') await arm.put(path, bodyOf(change));
  else await arm.patch(path, bodyOf(change));
}
