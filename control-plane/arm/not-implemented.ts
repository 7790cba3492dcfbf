// What ACR's control plane has and this one does not. A client that asks is told so in one sentence, instead of a 404
// that reads like a typing error.
import type { FastifyInstance } from 'fastify';
import { ArmError } from './errors.ts';
import { routePaths } from './route-paths.ts';

/** Segment below a registry -> what people call it, in the plural. */
export const notEmulated = {
  cacheRules: 'Cache rules',
  credentialSets: 'Credential sets',
  tasks: 'Tasks',
  taskRuns: 'Task runs',
  runs: 'Runs',
  scheduleRun: 'Runs',
  listBuildSourceUploadUrl: 'Runs',
  agentPools: 'Agent pools',
  buildTasks: 'Tasks',
  builds: 'Runs',
  importPipelines: 'Import pipelines',
  exportPipelines: 'Export pipelines',
  pipelineRuns: 'Pipeline runs',
  privateEndpointConnections: 'Private endpoints',
  privateEndpointConnectionProxies: 'Private endpoints',
  privateLinkResources: 'Private endpoints',
  packages: 'Archives',
  capacityReservations: 'Capacity reservations',
} as const;

export function notImplementedRoutes(app: FastifyInstance): void {
  for (const [segment, feature] of Object.entries(notEmulated)) {
    for (const path of [`${routePaths.registry}/${segment}`, `${routePaths.registry}/${segment}/*`]) {
      app.all(path, () => {
        throw new ArmError(
          'NotImplemented',
          `${feature} are not part of this control plane. It has registries, scope maps, tokens, connected registries, replications and webhooks.`,
        );
      });
    }
  }
}
