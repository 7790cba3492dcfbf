// `acrc control-plane stop`: only ever the one of this ACRC_HOME.
import { command } from '../../command.ts';
import { findControlPlane } from '../../process/find.ts';
import { stop } from '../../process/stop.ts';

export default command({
  options: {},
  examples: [
    { purpose: 'Stop the control plane.', line: 'acrc control-plane stop' },
    { purpose: 'Stop the one of another home.', line: 'ACRC_HOME=/srv/acrc acrc control-plane stop' },
  ],
  async run(_, context) {
    const record = await findControlPlane(context);
    if (record) await context.during('Stopping the control plane', stop(context, record));
    else context.warn('No control plane runs in this ACRC_HOME.');
  },
});
