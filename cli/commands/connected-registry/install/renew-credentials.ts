// `az acr connected-registry install renew-credentials`: the same with a new password. Its newer name is get-settings.
import { command } from '../../../command.ts';
import { yes } from '../../../options/yes.ts';
import { installationOf, parentProtocol } from '../installation.ts';
import { connectedRegistryOptions } from '../options.ts';

export default command({
  options: { ...connectedRegistryOptions, parentProtocol, yes },
  examples: [
    {
      purpose: 'Make a new password.',
      line: 'acrc connected-registry install renew-credentials -r myregistry -n factory1 --parent-protocol https --yes',
    },
    {
      purpose: 'Make a new password of one below another.',
      line: 'acrc connected-registry install renew-credentials -r myregistry -n line1 --parent-protocol http --yes',
    },
  ],
  run: (options, context) => installationOf(context, { ...options, password: '1' }),
});
