// `az acr network-rule remove`: what is not there is no error.
import { command } from '../../command.ts';
import { registryView } from '../../views/registry.ts';
import { changeAddresses, ruleOptions } from './rules.ts';

export default command({
  options: ruleOptions,
  examples: [
    {
      purpose: 'Allow an office no more.',
      line: 'acrc network-rule remove -n myregistry --ip-address 203.0.113.0/24',
    },
    {
      purpose: 'Allow one machine no more.',
      line: 'acrc network-rule remove -n myregistry --ip-address 203.0.113.7',
    },
  ],
  view: registryView,
  run: ({ ipAddress, ...options }, context) =>
    changeAddresses(context, options, (known) => known.filter((one) => one !== ipAddress)),
});
