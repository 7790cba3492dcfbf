// The scope maps that every registry has (Azure Container Registry, "Repository-scoped permissions"). They are not
// stored: a newer version may know more.
import { childId, nameOf, type ResourceKey } from '../../arm/resource-id.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { scopeMapKind, type ScopeMapProperties } from './schema.ts';

interface SystemScopeMap {
  name: string;
  description: string;
  actions: readonly string[];
}

const systemScopeMaps: readonly SystemScopeMap[] = [
  {
    name: '_repositories_admin',
    description: 'Can perform all read, write and delete operations on the registry',
    actions: ['metadata/read', 'metadata/write', 'content/read', 'content/write', 'content/delete'],
  },
  {
    name: '_repositories_pull',
    description: 'Can pull any repository of the registry',
    actions: ['content/read'],
  },
  {
    name: '_repositories_pull_metadata_read',
    description: 'Can perform all read operations on the registry',
    actions: ['content/read', 'metadata/read'],
  },
  {
    name: '_repositories_push',
    description: 'Can push to any repository of the registry',
    actions: ['content/read', 'content/write'],
  },
  {
    name: '_repositories_push_metadata_write',
    description: 'Can perform all read and write operations on the registry',
    actions: ['metadata/read', 'metadata/write', 'content/read', 'content/write'],
  },
];

export function isSystemName(name: string): boolean {
  return systemNamed(name) !== undefined;
}

export function systemScopeMapsOf(registry: Resource<RegistryProperties>): Resource<ScopeMapProperties>[] {
  return systemScopeMaps.map((entry) => toResource(registry, entry));
}

/** The scope map with this key: a stored one, or one of the system's. */
export async function findScopeMap(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  key: ResourceKey,
): Promise<Resource<ScopeMapProperties> | undefined> {
  const system = systemNamed(nameOf(key));
  return system ? toResource(registry, system) : reader.get(scopeMapKind, key);
}

function systemNamed(name: string): SystemScopeMap | undefined {
  return systemScopeMaps.find((entry) => entry.name === name.toLowerCase());
}

function toResource(
  registry: Resource<RegistryProperties>,
  { name, description, actions }: SystemScopeMap,
): Resource<ScopeMapProperties> {
  return {
    id: childId(registry.id, scopeMapKind.type, name),
    type: scopeMapKind.type,
    name,
    systemData: registry.systemData,
    properties: {
      kind: 'SystemDefined',
      description,
      creationDate: registry.properties.creationDate,
      actions: actions.map((action) => `repositories/*/${action}`),
    },
  };
}
