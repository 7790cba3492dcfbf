// `az acr scope-map delete`.
import { command } from '../../command.ts';
import { yes } from '../../options/yes.ts';
import { scopeMapOptions } from './options.ts';

export default command({
  options: { ...scopeMapOptions, yes },
  examples: [
    { purpose: 'Delete a scope map.', line: 'acrc scope-map delete -n site-scope -r myregistry --yes' },
    { purpose: 'Delete it after a question.', line: 'acrc scope-map delete -n site-scope -r myregistry' },
  ],
  async run({ name, yes, ...options }, context) {
    const question = `Deleting the scope map '${name}' will remove its permissions with associated tokens. Proceed?`;
    await context.confirm(question, yes);
    await (await context.arm()).delete((await context.registry(options)).child('scopeMaps', name));
  },
});
