// Names, tags and references as people and clients write them.
import { assert, describe } from '../../fixtures/describe.ts';
import { OciError, type OciErrorCode } from './errors.ts';
import { tryParseRepositoryName } from './name.ts';
import { parseImageReference, parseReference, tryParseTag } from './reference.ts';

const digest = `sha256:${'b'.repeat(64)}`;

const names: [text: string, valid: boolean][] = [
  ['a', true],
  ['team/app', true],
  ['a.b_c__d---e/0', true],
  ['a/b/c/d/e/f', true],
  ['x'.repeat(255), true],
  ['x'.repeat(256), false],
  ['', false],
  ['A', false],
  ['/a', false],
  ['a/', false],
  ['a//b', false],
  ['a..b', false],
  ['a___b', false],
  ['-a', false],
  ['a/../b', false],
  ['a b', false],
  ['a%2fb', false],
  ['ä', false],
  ['a\n', false],
];
const tags: [text: string, valid: boolean][] = [
  ['latest', true],
  ['V1.0-rc_1', true],
  ['_', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['', false],
  ['.a', false],
  ['-a', false],
  ['a/b', false],
  ['a:b', false],
  ['a\n', false],
];
const references: [text: string, code: OciErrorCode][] = [
  ['sha256:abc', 'DIGEST_INVALID'],
  ['', 'TAG_INVALID'],
  ['a b', 'TAG_INVALID'],
];

describe('a repository name, a tag and a reference', ({ test }) => {
  for (const [text, valid] of names) {
    test(`${valid ? 'takes' : 'refuses'} the name ${show(text)}`, () => {
      assert.equal(tryParseRepositoryName(text), valid ? text : undefined);
    });
  }
  for (const [text, valid] of tags) {
    test(`${valid ? 'takes' : 'refuses'} the tag ${show(text)}`, () => {
      assert.equal(tryParseTag(text), valid ? text : undefined);
    });
  }
  for (const [text, code] of references) {
    test(`calls the reference ${show(text)} ${code}`, () => {
      assert.throws(
        () => parseReference(text),
        (error) => error instanceof OciError && error.code === code,
      );
    });
  }

  test('reads an image as people write it', () => {
    const read = (text: string): unknown[] => {
      const { repository, reference } = parseImageReference(text);
      return [repository, reference?.tag, reference?.digest];
    };
    assert.deepEqual(read('team/app'), ['team/app', undefined, undefined]);
    assert.deepEqual(read('team/app:v1'), ['team/app', 'v1', undefined]);
    assert.deepEqual(read(`team/app@${digest}`), ['team/app', undefined, digest]);
    assert.deepEqual(read(`team/app:v1@${digest}`), ['team/app', undefined, digest]);
  });
});

function show(text: string): string {
  return text.length > 20 ? `of ${text.length} characters` : JSON.stringify(text);
}
