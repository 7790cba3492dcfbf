// What the next sync would copy to a site and remove there, and whether the disk and the window suffice.
import { readSyncPlan } from '../../client/on-site.ts';
import type { ConnectedRegistry } from '../../client/resources.ts';
import { command } from '../../command.ts';
import { verdict } from '../../verdict.ts';
import { syncPlanView } from '../../views/on-site.ts';
import { warnOfNode } from './node-warnings.ts';
import { connectedRegistryOptions } from './options.ts';

export default command({
  description:
    'Each blob is counted once, where it is needed first. The time is that at the speed which the node last measured; a window ' +
    'that is open counts with what is left of it. What is wrong at the node is a warning. The exit code is 1 when the disk or the ' +
    'window does not suffice.',
  options: connectedRegistryOptions,
  examples: [
    {
      purpose: 'See what tonight will bring.',
      line: 'acrc connected-registry plan -r myregistry -n factory1 -o table',
    },
    {
      purpose: 'How many bytes are still to come?',
      line: 'acrc connected-registry plan -r myregistry -n factory1 --query bytesLeft -o tsv',
    },
  ],
  view: syncPlanView,
  async run({ name, ...options }, context) {
    const registry = await context.registry(options);
    const arm = await context.arm();
    const [plan, connected] = await Promise.all([
      readSyncPlan(arm, registry, name),
      arm.get<ConnectedRegistry>(registry.child('connectedRegistries', name)),
    ]);
    warnOfNode(context, registry, connected);
    verdict(context, plan.fitsDisk !== false && plan.fitsWindow !== false);
    return plan;
  },
});
