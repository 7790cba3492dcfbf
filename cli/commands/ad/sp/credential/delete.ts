// `az ad sp credential delete`.
import { command } from '../../../../command.ts';
import { findPrincipal } from '../../../../client/graph.ts';
import { text } from '../../../../parse/option.ts';
import { principalOptions } from '../options.ts';

export default command({
  options: {
    ...principalOptions,
    keyId: text('--key-id', 'Key id of the password, which the list shows.', { required: true }),
  },
  examples: [
    {
      purpose: 'Delete one of the passwords of a service principal.',
      line: 'acrc ad sp credential delete --id 00000000-1111-4222-8333-444444444444 --key-id 55555555-6666-4777-8888-999999999999',
    },
    {
      purpose: 'Say nothing but errors.',
      line: 'acrc ad sp credential delete --id 00000000-1111-4222-8333-444444444444 --key-id 55555555-6666-4777-8888-999999999999 --only-show-errors',
    },
  ],
  async run({ id, keyId }, context) {
    const graph = await context.graph();
    const principal = await findPrincipal(graph, id);
    await graph.post(`/servicePrincipals/${principal.id}/removePassword`, { keyId });
  },
});
