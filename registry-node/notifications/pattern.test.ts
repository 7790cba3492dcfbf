// Rows of patterns, how they are read, and what they tell of.
import { assert, describe } from '../../fixtures/describe.ts';
import type { ArtifactEvent } from './event.ts';
import { compilePatterns, parsePattern } from './pattern.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const event = (action: 'push' | 'delete', repository: string, ...tags: string[]): ArtifactEvent => ({
  action,
  at: new Date(0),
  repository,
  digest,
  mediaType: 'm',
  size: 1,
  ...(action === 'push' ? { tag: tags[0] } : { tags }),
});

describe('a pattern of notifications', ({ test }) => {
  const parts: [string, string, string, string | undefined, string | undefined][] = [
    ['*:*', '*', '*', undefined, undefined],
    ['*:*:*', '*', '*', '*', undefined],
    ['*@*:*', '*', '*', undefined, '*'],
    ['path/to/repo:*', '*', 'path/to/repo', undefined, undefined],
    ['path/to/repo:myTag:*', '*', 'path/to/repo', 'myTag', undefined],
    [`path/to/repo@${digest}:delete`, 'delete', 'path/to/repo', undefined, digest],
    ['path/to/repo@sha256:*:delete', 'delete', 'path/to/repo', undefined, 'sha256:*'],
    ['path/to/repo/*:push', 'push', 'path/to/repo/*', undefined, undefined],
    ['hello-world:push', 'push', 'hello-world', undefined, undefined],
    ['hello-world:tag:push', 'push', 'hello-world', 'tag', undefined],
    ['hello-world:push:push', 'push', 'hello-world', 'push', undefined],
    ['hello-world:*:*', '*', 'hello-world', '*', undefined],
    ['sample/repo/*:1.0:*', '*', 'sample/repo/*', '1.0', undefined],
    [`app:v1@${digest}:Push`, 'push', 'app', 'v1', digest],
  ];
  for (const [text, action, name, tag, of] of parts) {
    test(`'${text.slice(0, 40)}' is read from the right`, () =>
      assert.deepEqual(parsePattern(text), { action, name, tag, digest: of }));
  }

  const wrong: [string, RegExp][] = [
    ['', /action/],
    ['hello', /action/],
    ['hello:pull', /action/],
    ['hello:', /action/],
    [`app@${digest}`, /action/],
    [':push', /'' is not a repository/],
    ['a b:push', /'a b' is not a repository/],
    ['app::push', /'' is not a tag/],
    ['app:a:b:push', /'a:b' is not a tag/],
    ['app@:push', /'' is not a digest/],
    ['app@sha256:XYZ:push', /'sha256:XYZ' is not a digest/],
    [`${'a'.repeat(600)}:push`, /600/],
  ];
  for (const [text, expected] of wrong) {
    test(`'${text.slice(0, 40)}' is none, and it is said why`, () => {
      const parsed = parsePattern(text);
      assert.match('wrong' in parsed ? parsed.wrong : '', expected);
    });
  }

  const told: [string, ArtifactEvent, boolean][] = [
    ['*:*', event('push', 'team/app'), true],
    ['*:*:*', event('push', 'team/app', 'v1'), true],
    ['*:*:*', event('push', 'team/app'), false],
    ['*@*:*', event('push', 'team/app'), true],
    ['*:push', event('delete', 'app'), false],
    ['app:delete', event('delete', 'app', 'v1'), true],
    ['app:v1:delete', event('delete', 'app', 'v0', 'v1'), true],
    ['app:v1:delete', event('delete', 'app', 'v0'), false],
    ['app:v1:*', event('push', 'app', 'v10'), false],
    ['app:v1*:*', event('push', 'app', 'v10'), true],
    ['app:*-arm:*', event('push', 'app', 'v1-arm'), true],
    ['app:*-arm:*', event('push', 'app', 'v1-arm64'), false],
    ['app:v*-*.1:*', event('push', 'app', 'v2-b.1'), true],
    ['a*a:*', event('push', 'a'), false],
    ['team/*:push', event('push', 'teams/app', 'v1'), false],
    ['*/app:push', event('push', 'team/app', 'v1'), true],
    ['Team/App:push', event('push', 'team/app', 'v1'), true],
    [`app@${digest}:push`, event('push', 'app', 'v1'), true],
    [`app@sha256:b*:push`, event('push', 'app', 'v1'), false],
  ];
  for (const [pattern, of, expected] of told) {
    const what = `${of.action} of ${of.repository}:${of.tag ?? of.tags?.join('+') ?? ''}`;
    test(`'${pattern.slice(0, 30)}' ${expected ? 'tells' : 'does not tell'} of a ${what}`, () =>
      assert.equal(compilePatterns([pattern])(of), expected));
  }

  test('any of several is enough, and one that nobody knows hides no other', () => {
    assert.ok(compilePatterns(['other:*', 'from the future', 'app:*'])(event('push', 'app')));
    assert.ok(!compilePatterns([])(event('push', 'app')));
  });
});
