// `az cloud show`.
import { command } from '../../command.ts';
import { text } from '../../parse/option.ts';
import { cloudView } from '../../views/cloud.ts';
import { findCloud } from './options.ts';

export default command({
  options: { name: text('--name -n', 'Name of the control plane. Default: the one that is used.') },
  examples: [
    { purpose: 'Show the control plane that is used.', line: 'acrc cloud show' },
    {
      purpose: 'Get the address of another.',
      line: 'acrc cloud show -n site --query endpoints.resourceManager -o tsv',
    },
  ],
  view: cloudView,
  run: ({ name }, context) => findCloud(context, name),
});
