// `az cloud list`: the control plane of this machine and those that were registered.
import { command } from '../../command.ts';
import { cloudView } from '../../views/cloud.ts';
import { listClouds } from './options.ts';

export default command({
  options: {},
  examples: [
    { purpose: 'List the control planes.', line: 'acrc cloud list -o table' },
    {
      purpose: 'Get the name of the one that is used.',
      line: 'acrc cloud list --query "[?isActive].name" -o tsv',
    },
  ],
  view: cloudView,
  run: (_, context) => listClouds(context),
});
