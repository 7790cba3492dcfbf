// Rows of scopes and of what they let through.
import { assert, describe } from '../../../fixtures/describe.ts';
import type { ArtifactEvent } from '../../../registry-node/notifications/event.ts';
import { isInScope, isScope } from './scope.ts';

const push = (repository: string, tag?: string): ArtifactEvent => ({
  action: 'push',
  at: new Date(0),
  repository,
  digest: 'sha256:1',
  mediaType: 'm',
  size: 1,
  tag,
});
const deletion = (repository: string, ...tags: string[]): ArtifactEvent => ({
  ...push(repository),
  action: 'delete',
  tags,
});

describe('the scope of a webhook', ({ test }) => {
  const rows: [string, ArtifactEvent, boolean][] = [
    ['', push('any/repo', 'v1'), true],
    ['', push('any/repo'), true],
    ['app', push('app', 'latest'), true],
    ['app', push('app', 'v1'), false],
    ['app', push('app'), false],
    ['app:v1', push('app', 'v1'), true],
    ['app:v1', push('app', 'v10'), false],
    ['app:v1', push('app'), false],
    ['app:v1*', push('app', 'v10'), true],
    ['app:*', push('app', 'v1'), true],
    ['app:*', push('app'), true],
    ['app:*', push('app2', 'v1'), false],
    ['team/*:*', push('team/app', 'v1'), true],
    ['team/*', push('team/app', 'v1'), true],
    ['team/*', push('teams/app', 'v1'), false],
    ['team/*:stable', push('team/app', 'v1'), false],
    ['*:stable', push('team/app', 'stable'), true],
    ['app:v1', deletion('app', 'v0', 'v1'), true],
    ['app:v1', deletion('app', 'v0'), false],
    ['app:*', deletion('app'), true],
    ['app', deletion('app', 'latest'), true],
    ['Team/App:V1', push('team/app', 'V1'), true],
    ['Team/App:V1', push('team/app', 'v1'), false],
  ];
  for (const [scope, event, expected] of rows) {
    const image = `${event.repository}:${event.tag ?? event.tags?.join('+') ?? ''}`;
    test(`'${scope}' ${expected ? 'is' : 'is not'} about ${event.action} of ${image}`, () =>
      assert.equal(isInScope(scope, event), expected));
  }

  for (const scope of ['', 'app', 'App', 'team/app:v1', 'team/*:*', 'app:v1*', '*:latest'])
    test(`'${scope}' is a scope`, () => assert.ok(isScope(scope)));
  for (const scope of ['a*b', 'app:', ':v1', 'app:v1:v2', 'app:v*1', 'app tag', 'a'.repeat(257)])
    test(`'${scope.slice(0, 20)}' is none`, () => assert.ok(!isScope(scope)));
});
