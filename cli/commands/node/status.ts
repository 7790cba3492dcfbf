// `acrc node status`: the nodes of this ACRC_HOME.
import { command } from '../../command.ts';
import { text } from '../../parse/option.ts';
import { findNode } from '../../process/find.ts';
import { nodeStatusOf } from '../../process/node-status.ts';
import { listRecords } from '../../process/run-record.ts';
import { nodeStatusView } from '../../views/process.ts';

export default command({
  description:
    'Beside its process it says how its synchronisation stands, as the node itself knows it: also while the link is cut. Offline: ' +
    'its parent does not answer, or refuses it. Waiting: its sync window is closed. Unhealthy: something is wrong here. It serves ' +
    'what it has in each of them. Troubles are warnings: what is wrong, why, and what to do.',
  options: { name: text('--name -n', 'Only the node of this name.') },
  examples: [
    {
      purpose: 'See what is wrong with a node.',
      line: 'acrc node status --name factory1 --query sync.troubles[].description -o tsv',
    },
    { purpose: 'Show the nodes that run here.', line: 'acrc node status -o table' },
    {
      purpose: 'Show where one node listens.',
      line: 'acrc node status --name factory1 --query address -o tsv',
    },
  ],
  view: nodeStatusView,
  async run({ name }, context) {
    const named = name === undefined ? undefined : await nodeStatusOf(await findNode(context, name));
    const all = named
      ? [named]
      : await Promise.all((await listRecords(context.home, 'node')).map(nodeStatusOf));
    for (const { name: node, sync } of all) {
      for (const { code, description } of sync?.troubles ?? [])
        context.warn(`${node}: ${code}: ${description}`);
    }
    return named ?? all;
  },
});
