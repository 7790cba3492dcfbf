// `az acr scope-map list`: those of users and those that every registry has.
import { command } from '../../command.ts';
import { registryOfChild } from '../../options/registry.ts';
import { scopeMapView } from '../../views/scope-map.ts';

export default command({
  options: registryOfChild,
  examples: [
    { purpose: 'List the scope maps of a registry.', line: 'acrc scope-map list -r myregistry -o table' },
    {
      purpose: "List those that people made, and not the system's.",
      line: 'acrc scope-map list -r myregistry --query "[?typePropertiesType==\'UserDefined\'].name" -o tsv',
    },
  ],
  view: scopeMapView,
  async run(options, context) {
    return (await context.arm()).list((await context.registry(options)).child('scopeMaps'));
  },
});
