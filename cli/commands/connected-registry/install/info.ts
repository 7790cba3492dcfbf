// `az acr connected-registry install info`: what an installation needs, without a password. Its newer name is get-settings.
import { command } from '../../../command.ts';
import { installationOf, parentProtocol } from '../installation.ts';
import { connectedRegistryOptions } from '../options.ts';

export default command({
  options: { ...connectedRegistryOptions, parentProtocol },
  examples: [
    {
      purpose: 'See the settings.',
      line: 'acrc connected-registry install info -r myregistry -n factory1 --parent-protocol https',
    },
    {
      purpose: 'See the settings of one below another.',
      line: 'acrc connected-registry install info -r myregistry -n line1 --parent-protocol http',
    },
  ],
  run: (options, context) => installationOf(context, { ...options, password: undefined, yes: false }),
});
