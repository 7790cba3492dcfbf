// `acrc node windows`: when a node may talk to its parent, from what it keeps; it need not run.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { statePathOf } from '../../../registry-node/data-folder/schema.ts';
import type { SyncSchedule } from '../../../registry-node/sync-window.ts';
import { command } from '../../command.ts';
import { failure } from '../../errors.ts';
import { text } from '../../parse/option.ts';
import { findNodeFolder } from '../../process/find.ts';
import { syncWindowsOf } from '../../sync-windows.ts';
import { at, textAt } from '../../output/view.ts';
import { syncWindowsView } from '../../views/sync-windows.ts';

export default command({
  description:
    'The next ten, in UTC, from the schedule that the node heard last; it need not run. Windows that touch or overlap are one. ' +
    'A schedule that changed in the cloud counts when the node has heard of it, in its next window.',
  options: {
    name: text('--name -n', 'Name of the node. Default: the only one that is kept here.'),
    data: text('--data', 'Its data folder, when it is not kept in ACRC_HOME.', {
      env: 'ACR_REGISTRY_DATA_VOLUME',
    }),
  },
  examples: [
    { purpose: 'Show when a node may synchronise.', line: 'acrc node windows --name factory1 -o table' },
    {
      purpose: 'How many seconds until the next window opens?',
      line: 'acrc node windows --name factory1 --query windows[0].opensInSeconds -o tsv',
    },
  ],
  view: syncWindowsView,
  async run({ name, data }, context) {
    const folder = data === undefined ? await findNodeFolder(context, name) : resolve(data);
    return syncWindowsOf(await readSchedule(folder), context.clock.now());
  },
});

/** From the document that its parent sent last. @throws CliError */
async function readSchedule(folder: string): Promise<SyncSchedule & { name: string }> {
  const file = statePathOf(folder, 'configuration');
  const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw failure(
        `The node in ${folder} has no schedule: it was never activated by its parent, or nothing is kept there.`,
        "Start it with 'acrc node start', or name its data folder with --data.",
      );
    throw failure(`${file} cannot be read: ${error.message}.`);
  });
  const configuration = at(parse(stored), 'configuration');
  const schedule = textAt(configuration, 'schedule');
  if (schedule === '')
    throw failure(`${file} holds no schedule; the node has not written it, or it is damaged.`);
  return {
    name: textAt(configuration, 'name'),
    schedule,
    syncWindow: textAt(configuration, 'syncWindow') || undefined,
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
