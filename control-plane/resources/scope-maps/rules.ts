// What a scope map may be called and hold.
import { parseScopeMapAction } from '../../../registry-node/oci/scope.ts';
import { ArmError } from '../../arm/errors.ts';
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
