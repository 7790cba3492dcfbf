// What of the registry is on a site, and what the next sync would bring there: ours, and not Azure's (docs/fidelity.md). Both
// are read-only and computed from what the node last told; `known` is false until it has told enough.
import type { FastifyInstance } from 'fastify';
import { pageFrom, pageOf, toPage } from '../../arm/paging.ts';
import { keyOf } from '../../arm/resource-id.ts';
import { type ChildParams, routePaths } from '../../arm/route-paths.ts';
import { buildConfigurations } from '../../cloud-registry/configuration.ts';
import { pathTo, reachOf } from '../../cloud-registry/on-site/reach.ts';
import { readSiteContent, type SiteContent } from '../../cloud-registry/on-site/site-content.ts';
import { planOf } from '../../cloud-registry/on-site/sync-plan.ts';
import { tryParseDigest } from '../../../registry-node/oci/digest.ts';
import type { NodeConfiguration } from '../../../registry-node/gateway/protocol.ts';
import type { Report } from '../../store/reports.ts';
import type { ResourceContext } from '../context.ts';
import { type Found, requireConnected } from './found.ts';
import { connectionState } from './state.ts';

interface SiteQuery {
  repository?: string;
  /** Of a manifest. */
  digest?: string;
}
interface Route {
  Params: ChildParams;
  Querystring: SiteQuery;
}
const item = `${routePaths.registry}/connectedRegistries/:name`;

export function onSiteRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { reports, clock, resources } = context;

  app.get<Route>(`${item}/siteContent`, async (request) => {
    const found = await requireConnected(context, resources, request.params);
    const report = await reports.get(keyOf(found.connected.id));
    const { repositories } = await read(context, found, report, request.query);
    return toPage(request, pageFrom(pageOf(request), repositories), (repository) => repository);
  });

  app.get<Route>(`${item}/syncPlan`, async (request) => {
    const found = await requireConnected(context, resources, request.params);
    const report = await reports.get(keyOf(found.connected.id));
    const { name, properties } = found.connected;
    return {
      name,
      connectionState: connectionState(properties, report, clock.now()),
      syncFilter: properties.syncFilter,
      ...planOf(await read(context, found, report, {}), properties, report?.status, clock.now()),
    };
  });
}

async function read(
  { reports, resources, registries }: ResourceContext,
  { registry, connected }: Found,
  report: Report | undefined,
  { repository, digest }: SiteQuery,
): Promise<SiteContent> {
  const key = keyOf(registry.id);
  const { content } = await registries.get(key);
  const path = pathTo((await buildConfigurations(resources, key)).values(), connected.name);
  const status = report?.status;
  const reach = reachOf(path, status, content.feed);
  return readSiteContent({
    name: connected.name,
    content,
    reach,
    damaged: new Set([...(status?.damaged ?? []), ...(await setAsideOn(path, connected, reports))]),
    repository,
    digest: digest === undefined ? undefined : tryParseDigest(digest),
  });
}

/** What a node on the way has set aside has not come to those below it, whatever of the feed they have. */
async function setAsideOn(
  path: readonly NodeConfiguration[],
  { id }: Found['connected'],
  reports: ResourceContext['reports'],
): Promise<string[]> {
  const siblings = id.slice(0, id.lastIndexOf('/') + 1);
  const each = path.map(({ name }) => reports.get(keyOf(`${siblings}${name}`)));
  return (await Promise.all(each)).flatMap((report) => report?.status?.setAside ?? []);
}
