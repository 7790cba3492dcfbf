// Which words name a proxy to trust, and what is said of those that do not.
import { assert, describe } from '../../fixtures/describe.ts';
import { trustedProxies } from './trusted-proxies.ts';

describe('--trusted-proxies', ({ test }) => {
  for (const ranges of [['10.0.0.7'], ['10.0.0.0/24', '::1'], ['fd00::/8'], ['0.0.0.0/0']]) {
    test(`takes ${ranges.join(' ')}`, () => assert.deepEqual(trustedProxies.read(ranges), ranges));
  }
  for (const wrong of [
    'proxy.example',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    '',
  ]) {
    test(`refuses '${wrong}'`, () => {
      assert.throws(() => trustedProxies.read(['10.0.0.7', wrong]), {
        kind: 'parser',
        message: `argument --trusted-proxies: '${wrong}' is neither an address like 10.0.0.7 nor a range like 10.0.0.0/24`,
      });
    });
  }
});
