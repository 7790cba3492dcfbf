// Which addresses count as one client.
import { assert, describe } from '../../fixtures/describe.ts';
import { networkOf } from './network.ts';

const rows: [address: string, network: string][] = [
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:50412', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2::7', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::7]:50412', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::7]', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['::1', '::/64'],
  ['2001:db8:1:3::7', '2001:db8:1:3::/64'],
  ['unknown', 'unknown'],
  ['_hidden', 'unknown'],
  ['', 'unknown'],
];

describe('the client behind an address', ({ test }) => {
  for (const [address, network] of rows) {
    test(`'${address}' is ${network}`, () => assert.equal(networkOf(address), network));
  }
});
