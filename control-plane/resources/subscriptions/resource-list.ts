// `GET …/resources`: whatever has a location, found without knowing where it is. `az acr` finds the resource group of
// a registry by it, `az resource list` is it.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Condition, parseConditions } from '../../arm/filter.ts';
import { pageFrom, pageOf, toPage } from '../../arm/paging.ts';
import {
  keyOf,
  registryNameOf,
  resourceGroupOf,
  resourceTypes,
  subscriptionId,
} from '../../arm/resource-id.ts';
import { type ResourceGroupParams, routePaths, type SubscriptionParams } from '../../arm/route-paths.ts';
import type { Resource } from '../../store/resource.ts';
import { type ResourceContext, requireResourceGroup, requireSubscription } from '../context.ts';

const filterNames = ['resourceType', 'name', 'resourceGroup', 'location', 'tagName', 'tagValue'] as const;
type Conditions = Condition<(typeof filterNames)[number]>[];

interface Query {
  Querystring: { $filter?: string; $expand?: string };
}

/** Whatever has a location, whether it stands by itself or in a registry. */
const trackedTypes = [resourceTypes.registry, resourceTypes.replication, resourceTypes.webhook];

export function resourceListRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, settings } = context;

  /** @param scope the id of a subscription or group */
  const answer = async (request: FastifyRequest<Query>, scope: string): Promise<object> => {
    const conditions = parseConditions(request.query.$filter, filterNames);
    const all = await Promise.all(trackedTypes.map((type) => resources.all<unknown>({ type })));
    const found = all
      .flat()
      .filter(({ id }) => keyOf(id).startsWith(`${keyOf(scope)}/`))
      .map(withFullName)
      .filter((resource) => matches(resource, conditions));
    const expanded = request.query.$expand?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
    const page = pageFrom(pageOf(request), found, byNameAndType);
    return toPage(request, page, (resource) => toGeneric(resource, expanded), byNameAndType);
  };

  app.get<Query & { Params: SubscriptionParams }>(`${routePaths.subscription}/resources`, async (request) =>
    answer(request, subscriptionId(requireSubscription(settings, request.params))),
  );
  app.get<Query & { Params: ResourceGroupParams }>(`${routePaths.resourceGroup}/resources`, async (request) =>
    answer(request, (await requireResourceGroup(context, resources, request.params)).id),
  );
}

/** What lives in a registry is called `myregistry/northeurope` here. */
function withFullName(resource: Resource<unknown>): Resource<unknown> {
  if (resource.type === resourceTypes.registry) return resource;
  return { ...resource, name: `${registryNameOf(resource.id)}/${resource.name}` };
}

/** A replication and a webhook of one registry may have the same full name. */
function byNameAndType({ name, type }: Resource<unknown>): string {
  return `${name} ${type}`.toLowerCase();
}

/** A name and a value of a tag belong together: both are about the same tag. */
function matches(resource: Resource<unknown>, conditions: Conditions): boolean {
  const facts: Partial<Record<(typeof filterNames)[number], string>> = {
    resourceType: resource.type,
    name: resource.name,
    resourceGroup: resourceGroupOf(resource.id),
    location: resource.location ?? '',
  };
  const aboutTags = conditions.filter(({ name }) => name === 'tagName' || name === 'tagValue');
  const others = conditions.filter((condition) => !aboutTags.includes(condition));
  if (!others.every((condition) => holds(condition, facts[condition.name]!))) return false;
  if (aboutTags.length === 0) return true;
  return Object.entries(resource.tags ?? {}).some(([tagName, tagValue]) =>
    aboutTags.every((condition) => holds(condition, condition.name === 'tagName' ? tagName : tagValue)),
  );
}

function holds({ operator, value }: Conditions[number], fact: string): boolean {
  const [wanted, is] = [value.toLowerCase(), fact.toLowerCase()];
  return operator === 'eq' ? is === wanted : is.startsWith(wanted);
}

/** @param expanded what else was asked for, in lower case */
function toGeneric(resource: Resource<unknown>, expanded: readonly string[]): object {
  const { id, name, type, location, tags, sku, systemData } = resource;
  const more = {
    createdTime: systemData.createdAt,
    changedTime: systemData.lastModifiedAt,
    provisioningState: 'Succeeded',
  };
  return {
    id,
    name,
    type,
    sku: sku && { name: sku, tier: sku },
    location,
    tags,
    ...Object.fromEntries(Object.entries(more).filter(([key]) => expanded.includes(key.toLowerCase()))),
  };
}
