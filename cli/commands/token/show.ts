// `az acr token show`.
import { command } from '../../command.ts';
import { tokenView } from '../../views/token.ts';
import { tokenOptions } from './options.ts';

export default command({
  options: tokenOptions,
  examples: [
    { purpose: 'Show a token.', line: 'acrc token show -n reader -r myregistry' },
    {
      purpose: 'Get the scope map of a token.',
      line: 'acrc token show -n reader -r myregistry --query scopeMapId -o tsv',
    },
  ],
  view: tokenView,
  async run({ name, ...options }, context) {
    return (await context.arm()).get((await context.registry(options)).child('tokens', name));
  },
});
