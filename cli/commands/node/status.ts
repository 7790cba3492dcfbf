// `acrc node status`: the nodes of this ACRC_HOME.
import { command } from '../../command.ts';
import { text } from '../../parse/option.ts';
import { findNode, statusOf } from '../../process/find.ts';
import { listRecords } from '../../process/run-record.ts';
import { processView } from '../../views/process.ts';

export default command({
  options: { name: text('--name -n', 'Only the node of this name.') },
  examples: [
    { purpose: 'Show the nodes that run here.', line: 'acrc node status -o table' },
    {
      purpose: 'Show where one node listens.',
      line: 'acrc node status --name factory1 --query address -o tsv',
    },
  ],
  view: processView,
  async run({ name }, context) {
    if (name !== undefined) return statusOf(await findNode(context, name));
    return Promise.all((await listRecords(context.home, 'node')).map(statusOf));
  },
});
