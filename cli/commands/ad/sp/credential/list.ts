// `az ad sp credential list`: the passwords that there are, without what they say.
import { command } from '../../../../command.ts';
import { findPrincipal } from '../../../../client/graph.ts';
import { principalOptions } from '../options.ts';

export default command({
  options: principalOptions,
  examples: [
    {
      purpose: 'List the passwords of a service principal.',
      line: 'acrc ad sp credential list --id 00000000-1111-4222-8333-444444444444',
    },
    {
      purpose: 'See when they end.',
      line: 'acrc ad sp credential list --id 00000000-1111-4222-8333-444444444444 --query [].endDateTime -o tsv',
    },
  ],
  async run({ id }, context) {
    return (await findPrincipal(await context.graph(), id)).passwordCredentials;
  },
});
