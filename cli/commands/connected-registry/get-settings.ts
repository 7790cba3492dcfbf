// `az acr connected-registry get-settings`: what an installation needs.
import { command } from '../../command.ts';
import { yes } from '../../options/yes.ts';
import { choice } from '../../parse/option.ts';
import { installationOf, parentProtocol } from './installation.ts';
import { connectedRegistryOptions } from './options.ts';

export default command({
  options: {
    ...connectedRegistryOptions,
    parentProtocol,
    generatePassword: choice(
      '--generate-password',
      'Make password 1 or 2 of the sync token anew and show it.',
      ['1', '2'],
    ),
    yes,
  },
  examples: [
    {
      purpose: 'Get the connection string with a new password.',
      line: 'acrc connected-registry get-settings -r myregistry -n factory1 --parent-protocol https --generate-password 1 -y --query ACR_REGISTRY_CONNECTION_STRING -o tsv',
    },
    {
      purpose: 'See the settings of one below another, and leave its passwords alone.',
      line: 'acrc connected-registry get-settings -r myregistry -n line1 --parent-protocol http',
    },
  ],
  run: ({ generatePassword: password, ...options }, context) =>
    installationOf(context, { ...options, password }),
});
