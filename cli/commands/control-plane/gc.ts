// `acrc control-plane gc`: garbage collection of one registry now, while the control plane goes on serving.
import { askServer } from '../../client/control-socket.ts';
import { command } from '../../command.ts';
import { dryRun, gcDescription } from '../../options/gc.ts';
import { registryOfChild } from '../../options/registry.ts';
import { requireControlPlane } from '../../process/find.ts';
import { collectedView } from '../../views/collected.ts';

export default command({
  description: gcDescription,
  options: { registry: registryOfChild.registry, dryRun },
  examples: [
    {
      purpose: 'Show what would go, and how many bytes.',
      line: 'acrc control-plane gc -r myregistry --dry-run -o table',
    },
    {
      purpose: 'Name what would go.',
      line: 'acrc control-plane gc -r myregistry --dry-run --query would -o table',
    },
    { purpose: 'Free the space.', line: 'acrc control-plane gc -r myregistry' },
  ],
  view: collectedView,
  async run({ registry, dryRun }, context) {
    const record = await requireControlPlane(context);
    const path = `/registries/${encodeURIComponent(registry)}/gc?dryRun=${dryRun}`;
    return context.during('Collecting', askServer(record, 'POST', path));
  },
});
