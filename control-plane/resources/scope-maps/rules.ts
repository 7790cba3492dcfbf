// What a scope map may be called and hold.
import { parseScopeMapAction } from '../../../registry-node/oci/scope.ts';
import { ArmError } from '../../arm/errors.ts';
import { keyOf, nameOf, type ResourceKey } from '../../arm/resource-id.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { tokenKind } from '../tokens/schema.ts';
import { isSystemName } from './system.ts';

const namePattern = /^[\w-]{5,50}$/;
const actionsMax = 500;

/** @throws ArmError InvalidResourceName, ScopeMapIsSystemDefined */
export function checkScopeMapName(name: string): void {
  if (isSystemName(name)) {
    throw new ArmError(
      'ScopeMapIsSystemDefined',
      `The scope map ${name} is defined by the system and cannot be changed.`,
    );
  }
  if (!namePattern.test(name)) {
    throw new ArmError(
      'InvalidResourceName',
      `The scope map name '${name}' is invalid: 5 to 50 letters, digits, '-' and '_'.`,
    );
  }
}

/**
 * @returns the actions, each once, in their order
 * @throws ArmError InvalidPropertyValue, QuotaExceeded
 */
export function checkActions(actions: readonly string[]): string[] {
  const target = 'properties.actions';
  for (const action of actions) {
    if (parseScopeMapAction(action)) continue;
    throw new ArmError(
      'InvalidPropertyValue',
      `'${action}' is not an action. Expected repositories/{name, prefix/* or *}/{content/read, content/write, content/delete, ` +
        'metadata/read or metadata/write} or gateway/{connected registry}/{config/read, config/write, message/read or message/write}.',
      target,
    );
  }
  const distinct = [...new Set(actions)];
  if (distinct.length > actionsMax) {
    throw new ArmError(
      'QuotaExceeded',
      `A scope map holds at most ${actionsMax} actions, and this one has ${distinct.length}. Use a prefix like repositories/team/*/content/read.`,
      target,
    );
  }
  return distinct;
}

/** Before it goes: a token without a scope map could do nothing, and nobody would be told. @throws ArmError Conflict */
export async function checkUnused(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  key: ResourceKey,
): Promise<void> {
  const tokens = await reader.list(tokenKind, keyOf(registry.id));
  const user = tokens.find(({ properties }) => keyOf(properties.scopeMapId) === key);
  if (!user) return;
  throw new ArmError(
    'Conflict',
    `The scope map ${nameOf(key)} is used by the token ${user.name}. Delete the token, or give it another scope map, first.`,
  );
}
