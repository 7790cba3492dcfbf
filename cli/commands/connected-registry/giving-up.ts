// What a person may do who ended `connected-registry create` in the middle: said after the list of what was made.
import type { RegistryId } from '../../client/registry-id.ts';

export function waysOut({ name: registry }: RegistryId, name: string, syncToken: string | undefined): string {
  const commands = [
    'connected-registry delete',
    ...(syncToken === undefined ? ['token delete', 'scope-map delete'] : []),
  ];
  return [
    'The same command again goes on from there. To give up instead, delete what was not there before:',
    ...commands.map((command) => `    acrc ${command} -r ${registry} -n ${name} --yes`),
  ].join('\n');
}
