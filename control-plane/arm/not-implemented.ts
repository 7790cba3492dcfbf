// What ACR's control plane has and this one does not. A client that asks is told so in one sentence, instead of a 404
// that reads like a typing error.
import type { FastifyInstance } from 'fastify';
import { ArmError } from './errors.ts';
import { routePaths } from './route-paths.ts';

/** Segment below a registry -> what people call it. */
const features = {
  cacheRules: 'Cache rules',
  credentialSets: 'Credential sets',
  tasks: 'Tasks',
  taskRuns: 'Task runs',
  runs: 'Runs',
  agentPools: 'Agent pools',
  scheduleRun: 'Runs',
  importPipelines: 'Import pipelines',
  exportPipelines: 'Export pipelines',
  pipelineRuns: 'Pipeline runs',
  privateEndpointConnections: 'Private endpoint connections',
  privateLinkResources: 'Private link resources',
  archives: 'Archives',
  replications: 'Replications',
  webhooks: 'Webhooks',
} as const;

export function notImplementedRoutes(app: FastifyInstance): void {
  for (const [segment, feature] of Object.entries(features)) {
    for (const path of [`${routePaths.registry}/${segment}`, `${routePaths.registry}/${segment}/*`]) {
      app.all(path, () => {
        throw new ArmError('NotImplemented', `${feature} are not part of this control plane.`);
      });
    }
  }
}
