// `acrc node stop`: only ever nodes of this ACRC_HOME.
import { command } from '../../command.ts';
import { failure } from '../../errors.ts';
import { flag, text } from '../../parse/option.ts';
import { findNode } from '../../process/find.ts';
import { listRecords } from '../../process/run-record.ts';
import { stop } from '../../process/stop.ts';

export default command({
  options: {
    name: text('--name -n', 'Name of the node. Default: the only one that runs.'),
    all: flag('--all', 'Stop every node of this ACRC_HOME.'),
  },
  examples: [
    { purpose: 'Stop a node.', line: 'acrc node stop --name factory1' },
    { purpose: 'Stop all nodes.', line: 'acrc node stop --all' },
  ],
  async run({ name, all }, context) {
    if (all && name !== undefined) throw failure('usage error: --all and --name are mutually exclusive.');
    const records = all ? await listRecords(context.home, 'node') : [await findNode(context, name)];
    const names = records.map((record) => `'${record.name}'`).join(', ');
    await context.during(`Stopping ${names}`, Promise.all(records.map((record) => stop(context, record))));
  },
});
