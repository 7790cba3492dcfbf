// `acrc control-plane status`.
import { command } from '../../command.ts';
import { findControlPlane, statusOf } from '../../process/find.ts';
import { controlPlaneName } from '../../process/run-record.ts';
import { processView } from '../../views/process.ts';

export default command({
  options: {},
  examples: [
    {
      purpose: 'Show where the control plane listens.',
      line: 'acrc control-plane status --query address -o tsv',
    },
    { purpose: 'Show everything known of it as a table.', line: 'acrc control-plane status -o table' },
  ],
  view: processView,
  async run(_, context) {
    const record = await findControlPlane(context);
    return record ? statusOf(record) : { name: controlPlaneName, state: 'Stopped', address: null, pid: null };
  },
});
