// A name of dots deleted a registry in place of a token: which parts of a path are refused, and that nothing else is.
import { assert, describe } from '../../fixtures/describe.ts';
import { addressOf } from './address.ts';

describe('an address', ({ test }) => {
  const tokens = '/subscriptions/s/resourceGroups/g/providers/p/registries/myregistry/tokens';
  for (const name of ['..', '.', '%2e%2E', '%2e.']) {
    for (const path of [
      `${tokens}/${name}`,
      `${tokens}/${name}/generate`,
      `https://localhost:1/${name}?a=b`,
    ]) {
      test(`with the name '${name}' in it is refused: ${path}`, () => {
        assert.throws(() => addressOf('https://localhost:1', path), {
          kind: 'failure',
          message: `'${name}' cannot be a name.`,
        });
      });
    }
  }
  const plain = [
    [`${tokens}/..a`, `https://localhost:1${tokens}/..a`],
    [`${tokens}/a..?b=/../#c/..`, `https://localhost:1${tokens}/a..?b=/../#c/..`],
    ['https://other/a', 'https://other/a'],
  ] as const;
  for (const [path, href] of plain) {
    test(`of ${path} is as it is written`, () => {
      assert.equal(addressOf('https://localhost:1', path).href, href);
    });
  }
});
