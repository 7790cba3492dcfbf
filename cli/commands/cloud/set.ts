// `az cloud set`: which control plane commands talk to.
import { useCloud } from '../../clouds.ts';
import { command } from '../../command.ts';
import { cloudName } from './options.ts';

export default command({
  description:
    "The control plane of this machine is called 'local'. For one command, ACRC_CLOUD names another.",
  options: { name: cloudName },
  examples: [
    { purpose: 'Talk to a control plane from now on.', line: 'acrc cloud set -n site' },
    { purpose: 'Talk to the one of this machine again.', line: 'acrc cloud set -n local' },
  ],
  run: ({ name }, { home }) => useCloud(home, name),
});
