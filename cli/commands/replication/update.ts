// `az acr replication update`: only what is given is sent.
import { command } from '../../command.ts';
import { type Editable, edited, editOptions } from '../../options/edits.ts';
import { replicationView } from '../../views/replication.ts';
import { parseTags, present, tags } from '../registry/switches.ts';
import { globalEndpointRouting, replicationOptions, requireReplicated } from './options.ts';

const editable: Editable = { outside: ['tags'], properties: ['regionEndpointEnabled'], texts: ['tags'] };

export default command({
  options: { ...replicationOptions, globalEndpointRouting, tags, ...editOptions },
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
  async run({ name, globalEndpointRouting, tags, set, add, remove, forceString, ...options }, context) {
    const { id } = await requireReplicated(context, options);
    const given = present({ tags: parseTags(tags), regionEndpointEnabled: globalEndpointRouting });
    const body = edited(given, { set, add, remove, forceString }, editable, context);
    return (await context.arm()).patch(id.child('replications', name), body);
  },
});
