// `az acr replication delete`.
import { command } from '../../command.ts';
import { replicationOptions, requireReplicated } from './options.ts';

export default command({
  options: replicationOptions,
  examples: [
    { purpose: 'Delete a replication.', line: 'acrc replication delete -r myregistry -n northeurope' },
    {
      purpose: 'Delete one of a registry in another group.',
      line: 'acrc replication delete -r myregistry -g acr-rg -n northeurope',
    },
  ],
  async run({ name, ...options }, context) {
    const { id } = await requireReplicated(context, options);
    await (await context.arm()).delete(id.child('replications', name));
  },
});
