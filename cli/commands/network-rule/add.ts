// `az acr network-rule add`: addresses are allowed one by one.
import { command } from '../../command.ts';
import { registryView } from '../../views/registry.ts';
import { changeAddresses, ruleOptions } from './rules.ts';

export default command({
  options: ruleOptions,
  examples: [
    { purpose: 'Allow an office.', line: 'acrc network-rule add -n myregistry --ip-address 203.0.113.0/24' },
    { purpose: 'Allow one machine.', line: 'acrc network-rule add -n myregistry --ip-address 203.0.113.7' },
  ],
  view: registryView,
  run: ({ ipAddress, ...options }, context) =>
    changeAddresses(context, options, (known) => [...new Set([...known, ipAddress])]),
});
