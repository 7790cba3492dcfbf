// What the built-in roles allow: a row per role and action.
import { assert, describe } from '../../../fixtures/describe.ts';
import { allows, builtInRoles } from './built-in.ts';

const registries = 'Microsoft.ContainerRegistry/registries';
const grant = 'Microsoft.Authorization/roleAssignments/write';
const assignments = 'Microsoft.Authorization/roleAssignments/read';
const actions = {
  pull: `${registries}/pull/read`,
  push: `${registries}/push/write`,
  delete: `${registries}/artifacts/delete`,
  sign: `${registries}/sign/write`,
  read: `${registries}/read`,
  readTokens: `${registries}/tokens/read`,
  write: `${registries}/write`,
  listCredentials: `${registries}/listCredentials/action`,
  grant,
  assignments,
};

describe('built-in roles', ({ test }) => {
  const rows: Record<string, (keyof typeof actions)[]> = {
    Owner: [
      'pull',
      'push',
      'delete',
      'sign',
      'read',
      'readTokens',
      'write',
      'listCredentials',
      'grant',
      'assignments',
    ],
    Contributor: [
      'pull',
      'push',
      'delete',
      'sign',
      'read',
      'readTokens',
      'write',
      'listCredentials',
      'assignments',
    ],
    Reader: ['pull', 'read', 'readTokens', 'assignments'],
    'User Access Administrator': ['pull', 'read', 'readTokens', 'grant', 'assignments'],
    AcrPull: ['pull'],
    AcrPush: ['pull', 'push'],
    AcrDelete: ['delete'],
    AcrImageSigner: ['sign'],
  };
  for (const role of builtInRoles) {
    test(`${role.name} allows ${rows[role.name]?.join(', ')}, and nothing else of these`, () => {
      const allowed = Object.entries(actions).filter(([, action]) => allows(role, action));
      assert.deepEqual(
        allowed.map(([name]) => name),
        rows[role.name],
      );
    });
  }

  const patterns: [string, string, boolean][] = [
    ['*', 'A/b/write', true],
    ['*/read', 'A/b/read', true],
    ['*/read', 'read', false],
    ['*/read', 'A/read/write', false],
    ['A/*/Write', 'a/B/c/write', true],
    ['A/*/write', 'A/write', false],
    ['A/b/read', 'a/B/READ', true],
    ['A/b', 'A/b/read', false],
    ['A/*b*/d', 'A/xbx/d', true],
    ['A/*b*/d', 'A/xx/d', false],
  ];
  for (const [pattern, action, matches] of patterns) {
    test(`${pattern} ${matches ? 'means' : 'does not mean'} ${action}`, () => {
      const role = { ...builtInRoles[0]!, actions: [pattern], notActions: [] };
      assert.equal(allows(role, action), matches);
    });
  }
});
