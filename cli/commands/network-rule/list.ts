// `az acr network-rule list`.
import { command } from '../../command.ts';
import { registryByName } from '../../options/registry.ts';
import { readRules } from './rules.ts';

export default command({
  options: registryByName,
  examples: [
    { purpose: 'List the network rules.', line: 'acrc network-rule list -n myregistry' },
    {
      purpose: 'Get the addresses that are allowed.',
      line: "acrc network-rule list -n myregistry --query 'ipRules[].ipAddressOrRange' -o tsv",
    },
  ],
  async run(options, context) {
    const { ipRules, virtualNetworkRules = [] } = (await readRules(context, options)).rules;
    return {
      ipRules: ipRules.map(({ action, value }) => ({ action, ipAddressOrRange: value })),
      virtualNetworkRules,
    };
  },
});
