// What is a digest and what is not.
import { assert, describe } from '../../fixtures/describe.ts';
import { digestAlgorithm, digestHex, digestOf, parseDigest, tryParseDigest } from './digest.ts';
import { OciError } from './errors.ts';

const hex64 = 'a'.repeat(64);

describe('a digest', ({ test }) => {
  for (const text of [`sha256:${hex64}`, `sha512:${'0'.repeat(128)}`]) {
    test(`is ${text.slice(0, 12)}… of ${text.length} characters`, () =>
      assert.equal(tryParseDigest(text), text));
  }

  const wrong = [
    '',
    'sha256:',
    `sha256:${hex64}0`,
    `sha256:${hex64.slice(1)}`,
    `sha256:${hex64.toUpperCase()}`,
    `sha512:${hex64}`,
    `md5:${'a'.repeat(32)}`,
    `SHA256:${hex64}`,
    `sha256:../${hex64.slice(3)}`,
    `sha256:${hex64}\n`,
    hex64,
  ];
  for (const text of wrong) {
    test(`is not ${JSON.stringify(text.slice(0, 20))} of ${text.length} characters`, () => {
      assert.equal(tryParseDigest(text), undefined);
      assert.throws(
        () => parseDigest(text),
        (error) => error instanceof OciError && error.code === 'DIGEST_INVALID',
      );
    });
  }

  test('is made of bytes, by either algorithm', () => {
    const empty = digestOf('');
    assert.equal(empty, 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    assert.equal(digestAlgorithm(empty), 'sha256');
    assert.equal(digestHex(empty).length, 64);
    assert.equal(digestAlgorithm(digestOf('', 'sha512')), 'sha512');
  });
});
