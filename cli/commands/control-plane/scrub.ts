// `acrc control-plane scrub`: verifies what a registry stores now, while the control plane goes on serving.
import { command } from '../../command.ts';
import { registryOfChild } from '../../options/registry.ts';
import { noWait, scrub, scrubDescription } from '../../options/scrub.ts';
import { requireControlPlane } from '../../process/find.ts';
import { scrubView } from '../../views/scrub.ts';

export default command({
  description: scrubDescription,
  options: { registry: registryOfChild.registry, noWait },
  examples: [
    {
      purpose: 'Verify all that a registry stores.',
      line: 'acrc control-plane scrub -r myregistry -o table',
    },
    {
      purpose: 'Begin it and go on with other work.',
      line: 'acrc control-plane scrub -r myregistry --no-wait',
    },
  ],
  view: scrubView,
  async run({ registry, noWait }, context) {
    const path = `/registries/${encodeURIComponent(registry)}/scrub`;
    return scrub(context, await requireControlPlane(context), path, noWait);
  },
});
