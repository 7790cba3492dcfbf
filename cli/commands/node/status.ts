// `acrc node status`: the nodes of this ACRC_HOME.
import { command } from '../../command.ts';
import { text } from '../../parse/option.ts';
import { findNode } from '../../process/find.ts';
import { nodeStatusOf } from '../../process/node-status.ts';
import { listRecords } from '../../process/run-record.ts';
import { nodeStatusView } from '../../views/process.ts';

export default command({
  description:
    'Beside its process it says how its synchronisation stands, as the node itself knows it: also while the link is cut. Offline ' +
    'means that its parent does not answer; it serves what it has. Troubles say what is wrong, why, and what to do.',
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
    if (name !== undefined) return nodeStatusOf(await findNode(context, name));
    return Promise.all((await listRecords(context.home, 'node')).map(nodeStatusOf));
  },
});
