// `az acr check-name`: the answer says whether the name is free; both answers are success.
import { command } from '../../command.ts';
import { text } from '../../parse/option.ts';

export default command({
  options: { name: text('--name -n', 'The name to check.', { required: true }) },
  examples: [{ purpose: 'Check whether a name is free.', line: 'acrc check-name -n myregistry' }],
  async run({ name }, context) {
    const arm = await context.arm();
    return arm.post(
      `/subscriptions/${await context.subscription()}/providers/Microsoft.ContainerRegistry/checkNameAvailability`,
      { name, type: 'Microsoft.ContainerRegistry/registries' },
    );
  },
});
