// `az acr replication show`.
import { command } from '../../command.ts';
import { replicationView } from '../../views/replication.ts';
import { replicationOptions, requireReplicated } from './options.ts';

export default command({
  options: replicationOptions,
  examples: [
    { purpose: 'Show a replication.', line: 'acrc replication show -r myregistry -n northeurope' },
    {
      purpose: 'See whether it is ready.',
      line: 'acrc replication show -r myregistry -n northeurope --query status.displayStatus -o tsv',
    },
  ],
  view: replicationView,
  async run({ name, ...options }, context) {
    const { id } = await requireReplicated(context, options);
    return (await context.arm()).get(id.child('replications', name));
  },
});
