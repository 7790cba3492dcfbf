// `acrc node logs`: what a detached node of this ACRC_HOME wrote.
import { command } from '../../command.ts';
import { logOptions } from '../../options/logs.ts';
import { text } from '../../parse/option.ts';
import { findNodeLog } from '../../process/find.ts';
import { isAlive, listRecords } from '../../process/run-record.ts';
import { showLog } from '../../process/show-log.ts';

export default command({
  options: { name: text('--name -n', 'Name of the node. Default: the only one that runs.'), ...logOptions },
  examples: [
    { purpose: 'Watch what a node logs.', line: 'acrc node logs --name factory1 --follow' },
    { purpose: 'Show the last fifty lines.', line: 'acrc node logs --name factory1 --tail 50' },
  ],
  async run({ name, ...options }, context) {
    const file = await findNodeLog(context, name);
    const isRunning = async (): Promise<boolean> => {
      const record = (await listRecords(context.home, 'node')).find(({ logFile }) => logFile === file);
      return record !== undefined && isAlive(record);
    };
    await showLog(context, file, { ...options, isRunning });
  },
});
