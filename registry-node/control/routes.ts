// What can be asked of a running registry through the control socket. Below a prefix, because a control plane has many.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Upkeep } from '../upkeep/upkeep.ts';

export interface ControlRoutesOptions {
  /** e.g. `/registries/:registry`; empty for the only one there is. */
  prefix: string;
  /** @throws OciError NAME_UNKNOWN */
  find: (parameters: Readonly<Record<string, string>>) => Promise<Upkeep>;
}

export function controlRoutes(app: FastifyInstance, { prefix, find }: ControlRoutesOptions): void {
  const upkeepOf = (request: FastifyRequest): Promise<Upkeep> =>
    find(request.params as Readonly<Record<string, string>>);
  app.post(`${prefix}/gc`, async (request) => {
    const { dryRun } = request.query as { dryRun?: string };
    return (await upkeepOf(request)).collect(dryRun === 'true');
  });
  app.post(`${prefix}/scrub`, async (request) => (await upkeepOf(request)).scrub());
  app.get(`${prefix}/scrub`, async (request) => (await upkeepOf(request)).scrubStatus());
}
