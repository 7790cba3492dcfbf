// `az ad sp show`.
import { command } from '../../../command.ts';
import { findPrincipal } from '../../../client/graph.ts';
import { principalView } from '../../../views/principal.ts';
import { principalOptions } from './options.ts';

export default command({
  options: principalOptions,
  examples: [
    {
      purpose: 'Show a service principal.',
      line: 'acrc ad sp show --id 00000000-1111-4222-8333-444444444444',
    },
    {
      purpose: 'Get its name.',
      line: 'acrc ad sp show --id 00000000-1111-4222-8333-444444444444 --query displayName -o tsv',
    },
  ],
  view: principalView,
  async run({ id }, context) {
    return findPrincipal(await context.graph(), id);
  },
});
