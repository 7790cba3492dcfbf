// `az acr replication list`: the region of the registry itself is among them.
import { command } from '../../command.ts';
import { registryOfChild } from '../../options/registry.ts';
import { replicationView } from '../../views/replication.ts';
import { requireReplicated } from './options.ts';

export default command({
  options: registryOfChild,
  examples: [
    { purpose: 'List the regions of a registry.', line: 'acrc replication list -r myregistry -o table' },
    { purpose: 'Get their names.', line: 'acrc replication list -r myregistry --query [].name -o tsv' },
  ],
  view: replicationView,
  async run(options, context) {
    const { id } = await requireReplicated(context, options);
    return (await context.arm()).list(id.child('replications'));
  },
});
