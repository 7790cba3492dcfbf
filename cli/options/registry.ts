// The options that say which registry is meant. az names it --name on the registry's own commands and --registry on those
// of its children.
import { text } from '../parse/option.ts';

export const group = text(
  '--resource-group -g',
  'Name of the resource group. Found by the name of the registry when absent.',
  {
    configured: 'group',
    resource: 'group',
  },
);

/** For the registry's own commands. */
export const registryByName = {
  registry: text('--name -n', 'The name of the container registry.', {
    required: true,
    configured: 'acr',
    resource: 'registry',
  }),
  group,
};

/** For the commands of a registry's children. */
export const registryOfChild = {
  registry: text('--registry -r', 'The name of the container registry.', {
    required: true,
    configured: 'acr',
    resource: 'registry',
  }),
  group,
};

/** Where a company's registries are told apart by a suffix; here a registry is found by its name alone. */
export const tenantSuffix = text('--suffix', 'The tenant suffix in the login server.', { hidden: true });

/** For data-plane commands, which may sign in as somebody else. */
export const registryUser = {
  username: text('--username -u', 'The user name to sign in to the registry with.'),
  password: text('--password -p', 'The password to sign in to the registry with.'),
};
