// One cloud and one idle node of a benchmark's own, gone without a trace afterwards, also when the measuring fails.
import { Site } from '../fixtures/site.ts';
import type { Topology } from '../fixtures/topology.ts';
import { builtTopology } from './built.ts';

/** What the cloud pushes and the site gets. */
export const repository = 'bench';

export async function withSite(measure: (site: Site, topology: Topology) => Promise<void>): Promise<void> {
  const topology = await builtTopology();
  try {
    await topology.startControlPlane();
    const site = await Site.provision({
      topology,
      registry: 'benchregistry',
      name: 'benchnode',
      repositories: [repository],
    });
    await site.startNode();
    try {
      await measure(site, topology);
    } finally {
      await site.close();
    }
  } finally {
    await topology.close();
  }
}
