// What a token is issued for: the scopes asked, narrowed to what the directory allows now. What is left out is not an
// error; the call that needs it is refused (distribution's token specification).
import type { Principal } from '../directory/directory.ts';
import { type Access, type DockerAction, dockerActions, parseScope } from '../oci/scope.ts';
import { catalogAccess } from './challenge.ts';

/** Scopes in one request: a build names each base image, and no build has so many. */
const scopesMax = 100;

/** @param scopes each a scope, or several separated by spaces; a resource named twice is granted once */
export function grantAccess({ grants }: Principal, scopes: readonly string[]): Access[] {
  const requested = scopes.flatMap((text) => text.split(' ')).filter((text) => text !== '');
  const granted = new Map<string, Access>();
  for (const access of requested.slice(0, scopesMax).map(parseScope)) {
    if (!access) continue;
    const actions = allowed(access, (name, action) => grants.repository(name, dockerActions[action]));
    if (actions.length === 0) continue;
    const key = `${access.type}:${access.name}`;
    const before = granted.get(key)?.actions ?? [];
    granted.set(key, {
      type: access.type,
      name: access.name,
      actions: [...new Set([...before, ...actions])],
    });
  }
  return [...granted.values()];
}

function allowed(access: Access, may: (name: string, action: DockerAction) => boolean): string[] {
  if (access.type === catalogAccess.type && access.name === catalogAccess.name) return catalogAccess.actions;
  if (access.type !== 'repository') return [];
  const all = Object.keys(dockerActions) as DockerAction[];
  return all.filter(
    (action) => (access.actions.includes(action) || access.actions.includes('*')) && may(access.name, action),
  );
}
