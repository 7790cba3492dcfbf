// `az acr replication create`.
import { command } from '../../command.ts';
import { failure } from '../../errors.ts';
import { registryOfChild } from '../../options/registry.ts';
import { choice, text } from '../../parse/option.ts';
import { replicationView } from '../../views/replication.ts';
import { parseTags, present, tags } from '../registry/switches.ts';
import { globalEndpointRouting, requireReplicated } from './options.ts';

export default command({
  options: {
    ...registryOfChild,
    location: text('--location -l', 'Location of the replication, e.g. northeurope.', { required: true }),
    name: text('--name -n', 'The name of the replication. Default: its location.'),
    globalEndpointRouting,
    zoneRedundancy: choice('--zone-redundancy', 'Whether it is spread over zones.', ['Enabled', 'Disabled']),
    tags,
  },
  examples: [
    {
      purpose: 'Replicate a registry to another region.',
      line: 'acrc replication create -r myregistry -l northeurope',
    },
    {
      purpose: 'Do so under a name, and answer no request from there yet.',
      line: 'acrc replication create -r myregistry -l northeurope -n north --global-endpoint-routing false',
    },
  ],
  view: replicationView,
  async run({ location, name, globalEndpointRouting, zoneRedundancy, tags, ...options }, context) {
    const { id, registry } = await requireReplicated(context, options);
    const region = location.replaceAll(/\s/g, '').toLowerCase();
    if (registry.location === region)
      throw failure('Replication could not be created in the same location as the registry.');
    const body = present({
      location: region,
      tags: parseTags(tags),
      properties: present({ regionEndpointEnabled: globalEndpointRouting, zoneRedundancy }),
    });
    return (await context.arm()).put(id.child('replications', name ?? region), body);
  },
});
