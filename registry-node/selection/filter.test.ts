// Which names a filter means, which of an index it wants, and what is said of a filter that is none.
import { assert, describe } from '../../fixtures/describe.ts';
import { digestOf } from '../oci/digest.ts';
import type { Descriptor } from '../oci/manifest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import { ruleFor, syncFilterSchema, wantedOf, wantsTag, writtenFilterSchema } from './filter.ts';
import { matchesGlob } from './glob.ts';

describe('a pattern', ({ test }) => {
  for (const [pattern, text, is] of [
    ['app', 'app', true],
    ['app', 'apps', false],
    ['app/*', 'app/web', true],
    ['app/*', 'app/web/front', true],
    ['app/*', 'app', false],
    ['*', '', true],
    ['v*', 'v1.2', true],
    ['*-rc*', 'v1-rc2', true],
    ['*-rc?', 'v1-rc', false],
    ['v?.*', 'v1.20', true],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXbX', false],
    ['1.2', '1x2', false],
  ] as const) {
    test(`${pattern} ${is ? 'means' : 'does not mean'} '${text}'`, () =>
      assert.equal(matchesGlob(pattern, text), is));
  }

  test('takes no longer because somebody wants it to', () => {
    const hostile = `${'*a'.repeat(60)}b`;
    assert.equal(matchesGlob(hostile, 'a'.repeat(10_000)), false);
  });
});

describe('a rule', ({ test }) => {
  test('decides for the repositories that no rule before it names', () => {
    const filter = writtenFilterSchema.parse([
      { repository: 'app/web', tags: { newest: 1 } },
      { repository: 'app/*', tags: { newest: 2 } },
    ]);
    const newest = (name: string) => ruleFor(filter, parseRepositoryName(name))?.tags?.newest;
    assert.deepEqual(['app/web', 'app/api', 'tools'].map(newest), [1, 2, undefined]);
  });

  test('wants the tags that it includes and does not exclude', () => {
    const wants = (tags: object, tag: string) => wantsTag({ repository: 'app', tags }, parseTag(tag));
    assert.ok(wants({ include: ['v*', 'latest'] }, 'latest'));
    assert.ok(!wants({ include: ['v*'] }, 'latest'));
    assert.ok(!wants({ include: ['v*'], exclude: ['*-rc*'] }, 'v1-rc1'));
    assert.ok(wants({ exclude: ['*-rc*'] }, 'v1'));
  });

  const entry = (os: string, architecture: string, more: object = {}, annotations = {}): Descriptor => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: digestOf(Buffer.from(JSON.stringify([os, architecture, more, annotations]))),
    size: 1,
    platform: { os, architecture, ...more },
    annotations,
  });
  const amd64 = entry('linux', 'amd64');
  const arm64 = entry('linux', 'arm64', { variant: 'v8' });
  const bareArm64 = entry('linux', 'arm64');
  const [armV6, armV7] = [entry('linux', 'arm', { variant: 'v6' }), entry('linux', 'arm', { variant: 'v7' })];
  const windows = entry('windows', 'amd64', { 'os.version': '10.0.20348.1' });
  const attestation = (of: Descriptor): Descriptor =>
    entry('unknown', 'unknown', {}, { 'vnd.docker.reference.digest': of.digest });
  const { platform: _, ...withoutPlatform } = entry('none', 'none');
  const index = [
    amd64,
    arm64,
    bareArm64,
    armV6,
    armV7,
    windows,
    attestation(amd64),
    attestation(armV6),
    withoutPlatform,
  ];
  const cases: [string[], Descriptor[]][] = [
    [['linux/amd64'], [amd64, attestation(amd64), withoutPlatform]],
    [['linux/arm64'], [arm64, bareArm64, withoutPlatform]],
    [['linux/arm64/v8'], [arm64, bareArm64, withoutPlatform]],
    [['linux/arm'], [armV6, armV7, attestation(armV6), withoutPlatform]],
    [
      ['linux/arm/v7', 'windows/amd64'],
      [armV7, windows, withoutPlatform],
    ],
  ];
  for (const [platforms, wanted] of cases) {
    test(`that wants ${platforms.join(' and ')} wants the right manifests of an index`, () =>
      assert.deepEqual(wantedOf({ repository: 'app', platforms }, index), wanted));
  }
});

describe('a filter that is written', ({ test }) => {
  const wrong: [string, unknown, RegExp][] = [
    ['a word', 'app', /expected array/],
    ['a rule without a repository', [{ tags: { newest: 1 } }], /expected string/],
    ['a rule that asks for nothing', [{ repository: 'app' }], /a rule needs tags, platforms or both/],
    ['a rule with empty tags', [{ repository: 'app', tags: {} }], /a rule needs tags, platforms or both/],
    ['an unknown setting', [{ repository: 'app', tag: 'v1' }], /Unrecognized key/],
    ['no newest', [{ repository: 'app', tags: { newest: 0 } }], />=1/],
    ['a repository with capitals', [{ repository: 'App', tags: { newest: 1 } }], /expected a repository/],
    ['a tag that cannot be one', [{ repository: 'app', tags: { include: ['v 1'] } }], /expected a tag/],
    ['a platform of one word', [{ repository: 'app', platforms: ['amd64'] }], /expected os\/architecture/],
    ['an empty list', [{ repository: 'app', platforms: [] }], />=1/],
  ];
  for (const [what, filter, reason] of wrong) {
    test(`is refused with ${what}`, () => assert.throws(() => writtenFilterSchema.parse(filter), reason));
  }

  test('travels to nodes that do not know all of it', () => {
    const newer = [{ repository: 'app', tags: { newest: 1, oldest: 1 }, sizes: [1] }];
    assert.deepEqual(syncFilterSchema.parse(newer), [{ repository: 'app', tags: { newest: 1 } }]);
  });
});
