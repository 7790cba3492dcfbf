// `az acr token update`. Only what is given is changed: az enables a disabled token whenever it
// changes its scope map.
import { command } from '../../command.ts';
import type { Token } from '../../client/resources.ts';
import { failure } from '../../errors.ts';
import { choice, text } from '../../parse/option.ts';
import { tokenView } from '../../views/token.ts';
import { tokenOptions } from './options.ts';

export default command({
  options: {
    ...tokenOptions,
    scopeMap: text('--scope-map', 'The name of the scope map to use from now on.', {
      resource: 'scope-map',
    }),
    status: choice('--status', 'Whether the token works. Absent: as it is.', ['enabled', 'disabled']),
  },
  examples: [
    {
      purpose: 'Stop a token from working.',
      line: 'acrc token update -n reader -r myregistry --status disabled',
    },
    {
      purpose: 'Give it another scope map.',
      line: 'acrc token update -n reader -r myregistry --scope-map site-scope',
    },
  ],
  view: tokenView,
  async run({ name, scopeMap, status, ...options }, context) {
    if (scopeMap === undefined && status === undefined) {
      throw failure('No token properties to update.', 'Give --scope-map, --status or both.');
    }
    const registry = await context.registry(options);
    const scopeMapId = scopeMap === undefined ? undefined : registry.child('scopeMaps', scopeMap);
    const properties = {
      ...(scopeMapId !== undefined && { scopeMapId }),
      ...(status !== undefined && { status }),
    };
    return (await context.arm()).patch<Token>(registry.child('tokens', name), { properties });
  },
});
