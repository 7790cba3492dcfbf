// `az group create`: a resource group is where registries live; making it again is no error.
import { command } from '../../command.ts';
import { fresh, text } from '../../parse/option.ts';
import { groupOptions, groupPath } from './options.ts';
import { groupView } from '../../views/group.ts';

export default command({
  options: {
    name: fresh(groupOptions.name),
    location: text(
      '--location -l',
      'Location, e.g. westeurope. A name only: acrc does not care where it is.',
      {
        required: true,
        configured: 'location',
      },
    ),
  },
  examples: [
    { purpose: 'Create a resource group.', line: 'acrc group create --name acr-rg --location westeurope' },
    {
      purpose: 'Create one with the location that is kept as default.',
      line: 'acrc group create -n acr-rg -l northeurope -o none',
    },
  ],
  view: groupView,
  async run({ name, location }, context) {
    return (await context.arm()).put(await groupPath(context, name), { location });
  },
});
