// `az account set`: the subscription that commands work in, kept for the control plane that is current.
import { command } from '../../command.ts';
import { findSubscription } from '../../client/registry-id.ts';
import { keepCloud, readClouds } from '../../clouds.ts';
import { failure } from '../../errors.ts';
import { text } from '../../parse/option.ts';

export default command({
  options: {
    // Of its own, and not the global one: here it must be given.
    wanted: text('--name -n --subscription-id -s', 'Name or ID of the subscription.', { required: true }),
  },
  examples: [
    { purpose: 'Work in a subscription from now on.', line: 'acrc account set --name Site' },
    {
      purpose: 'Name it by its id.',
      line: 'acrc account set -s 00000000-0000-0000-0000-000000000000',
    },
  ],
  async run({ wanted }, context) {
    const { subscriptionId } = await findSubscription(await context.arm(), wanted);
    if (subscriptionId === (await context.subscription())) return;
    const { clouds, current } = await readClouds(context.home, context.env);
    const cloud = clouds[current];
    if (!cloud || context.env.ACRC_ENDPOINT) {
      throw failure(
        `The subscription cannot be kept: '${current}' is not a registered control plane, or the environment names another.`,
        'Name it with --subscription or ACRC_SUBSCRIPTION_ID.',
      );
    }
    await keepCloud(context.home, current, { ...cloud, subscriptionId });
  },
});
