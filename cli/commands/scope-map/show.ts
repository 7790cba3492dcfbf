// `az acr scope-map show`.
import { command } from '../../command.ts';
import { scopeMapView } from '../../views/scope-map.ts';
import { scopeMapOptions } from './options.ts';

export default command({
  options: scopeMapOptions,
  examples: [
    { purpose: 'Show a scope map.', line: 'acrc scope-map show -n site-scope -r myregistry' },
    {
      purpose: 'List its actions alone.',
      line: 'acrc scope-map show -n site-scope -r myregistry --query actions -o tsv',
    },
  ],
  view: scopeMapView,
  async run({ name, ...options }, context) {
    return (await context.arm()).get((await context.registry(options)).child('scopeMaps', name));
  },
});
