// Scope maps and token scopes: what their texts mean, and what they grant.
import { assert, describe } from '../../fixtures/describe.ts';
import {
  compileGrants,
  formatScope,
  parseScope,
  parseScopeMapAction,
  type RepositoryAction,
} from './scope.ts';

const scopes: [text: string, parsed: ReturnType<typeof parseScope>][] = [
  ['repository:app:,', undefined],
  ['repository:team/app:pull,push', { type: 'repository', name: 'team/app', actions: ['pull', 'push'] }],
  ['registry:catalog:*', { type: 'registry', name: 'catalog', actions: ['*'] }],
  ['repository:host:5000/app:pull', { type: 'repository', name: 'host:5000/app', actions: ['pull'] }],
  ['repository:app:pull,', { type: 'repository', name: 'app', actions: ['pull'] }],
  ['repository:app:', undefined],
  ['repository::pull', undefined],
  ['repository:app', undefined],
  [':app:pull', undefined],
  ['', undefined],
];

const rules: [text: string, valid: boolean][] = [
  ['repositories/app/content/read', true],
  ['repositories/team/app/metadata/write', true],
  ['repositories/team/*/content/read', true],
  ['repositories/*/content/delete', true],
  ['gateway/site1/config/read', true],
  ['gateway/site1/message/write', true],
  ['repositories/app/content/execute', false],
  ['repositories/app/metadata/delete', false],
  ['repositories/App/content/read', false],
  ['repositories/te*/content/read', false],
  ['repositories/*/app/content/read', false],
  ['repositories//content/read', false],
  ['gateway/site1/config/delete', false],
  ['gateway/a/b/config/read', false],
  ['content/read', false],
  ['', false],
];

const granted: [rule: string, repository: string, action: RepositoryAction, yes: boolean][] = [
  ['repositories/app/content/read', 'app', 'content/read', true],
  ['repositories/app/content/read', 'app', 'content/write', false],
  ['repositories/app/content/read', 'app2', 'content/read', false],
  ['repositories/app/content/read', 'app/sub', 'content/read', false],
  ['repositories/team/*/content/read', 'team/app', 'content/read', true],
  ['repositories/team/*/content/read', 'team/app/sub', 'content/read', true],
  ['repositories/team/*/content/read', 'team', 'content/read', false],
  ['repositories/team/*/content/read', 'team2/app', 'content/read', false],
  ['repositories/*/content/read', 'anything/at/all', 'content/read', true],
];

describe('scopes', ({ test }) => {
  for (const [text, parsed] of scopes) {
    test(`reads '${text}' as ${parsed ? formatScope(parsed) : 'none'}`, () =>
      assert.deepEqual(parseScope(text), parsed));
  }
  for (const [text, valid] of rules) {
    test(`${valid ? 'takes' : 'refuses'} the rule '${text}'`, () => {
      assert.equal(parseScopeMapAction(text) !== undefined, valid);
    });
  }
  for (const [rule, repository, action, yes] of granted) {
    test(`${yes ? 'grants' : 'does not grant'} ${action} on ${repository} by ${rule}`, () => {
      assert.equal(compileGrants([rule]).repository(repository, action), yes);
    });
  }

  test('grants gateway actions by name, whatever its case', () => {
    const grants = compileGrants(['gateway/Site1/config/read']);
    assert.equal(grants.gateway('site1', 'config/read'), true);
    assert.equal(grants.gateway('site1', 'config/write'), false);
    assert.equal(grants.gateway('site2', 'config/read'), false);
  });

  test('tells what is granted as names and prefixes', () => {
    const grants = compileGrants([
      'repositories/app/content/read',
      'repositories/team/*/content/read',
      'nonsense',
    ]);
    assert.deepEqual(grants.granted('content/read'), { names: new Set(['app']), prefixes: ['team/'] });
    assert.deepEqual(grants.granted('content/write'), { names: new Set(), prefixes: [] });
  });
});
