// `az acr token delete`.
import { command } from '../../command.ts';
import { yes } from '../../options/yes.ts';
import { tokenOptions } from './options.ts';

export default command({
  options: { ...tokenOptions, yes },
  examples: [
    { purpose: 'Delete a token.', line: 'acrc token delete -n reader -r myregistry --yes' },
    { purpose: 'Delete it after a question.', line: 'acrc token delete -n reader -r myregistry' },
  ],
  async run({ name, yes, ...options }, context) {
    const question = `Deleting the token '${name}' will invalidate access to anyone using its credentials. Proceed?`;
    await context.confirm(question, yes);
    await (await context.arm()).delete((await context.registry(options)).child('tokens', name));
  },
});
