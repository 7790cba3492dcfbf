// `az acr token list`.
import { command } from '../../command.ts';
import { registryOfChild } from '../../options/registry.ts';
import { tokenView } from '../../views/token.ts';

export default command({
  options: registryOfChild,
  examples: [
    { purpose: 'List the tokens of a registry.', line: 'acrc token list -r myregistry -o table' },
    {
      purpose: 'List the tokens that do not work.',
      line: 'acrc token list -r myregistry --query "[?status==\'disabled\'].name" -o tsv',
    },
  ],
  view: tokenView,
  async run(options, context) {
    return (await context.arm()).list((await context.registry(options)).child('tokens'));
  },
});
