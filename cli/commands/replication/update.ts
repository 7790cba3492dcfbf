// `az acr replication update`: only what is given is sent.
import { command } from '../../command.ts';
import { replicationView } from '../../views/replication.ts';
import { parseTags, present, tags } from '../registry/switches.ts';
import { globalEndpointRouting, replicationOptions, requireReplicated } from './options.ts';

export default command({
  options: { ...replicationOptions, globalEndpointRouting, tags },
  examples: [
    {
      purpose: 'Answer no request from a replication.',
      line: 'acrc replication update -r myregistry -n northeurope --global-endpoint-routing false',
    },
    {
      purpose: 'Tag a replication.',
      line: 'acrc replication update -r myregistry -n northeurope --tags site=north',
    },
  ],
  view: replicationView,
  async run({ name, globalEndpointRouting, tags, ...options }, context) {
    const { id } = await requireReplicated(context, options);
    const body = present({
      tags: parseTags(tags),
      properties: present({ regionEndpointEnabled: globalEndpointRouting }),
    });
    return (await context.arm()).patch(id.child('replications', name), body);
  },
});
