// `az acr connected-registry deactivate`: frees the name, so that another instance may take it.
import { command } from '../../command.ts';
import { yes } from '../../options/yes.ts';
import { connectedRegistryOptions } from './options.ts';

export default command({
  description:
    'The running instance stops synchronising. The next one that activates with the name takes its place.',
  options: { ...connectedRegistryOptions, yes },
  examples: [
    {
      purpose: 'Move a connected registry to another machine.',
      line: 'acrc connected-registry deactivate -r myregistry -n factory1 --yes',
    },
    {
      purpose: 'Do it after a question.',
      line: 'acrc connected-registry deactivate -r myregistry -n factory1',
    },
  ],
  async run({ name, yes, ...options }, context) {
    const question = `Are you sure you want to deactivate the connected registry '${name}' in '${options.registry}'?`;
    await context.confirm(question, yes);
    const id = (await context.registry(options)).child('connectedRegistries', name);
    await (await context.arm()).post(`${id}/deactivate`);
  },
});
