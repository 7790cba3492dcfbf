// `acrc control-plane logs`: what the detached control plane of this ACRC_HOME wrote.
import { command } from '../../command.ts';
import { logOptions } from '../../options/logs.ts';
import { findControlPlane } from '../../process/find.ts';
import { controlPlaneName, isAlive, logFileOf } from '../../process/run-record.ts';
import { showLog } from '../../process/show-log.ts';

export default command({
  options: logOptions,
  examples: [
    { purpose: 'Watch what it logs.', line: 'acrc control-plane logs --tail 20 --follow' },
    { purpose: 'Show the last hundred lines.', line: 'acrc control-plane logs --tail 100' },
  ],
  async run(options, context) {
    const isRunning = async (): Promise<boolean> => {
      const record = await findControlPlane(context);
      return record !== undefined && isAlive(record);
    };
    const file = logFileOf(context.home, 'control-plane', controlPlaneName);
    await showLog(context, file, { ...options, isRunning });
  },
});
