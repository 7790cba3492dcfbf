// Ports of registries: never one that another registry has been given, whether it listens already or not.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { assert, describe } from '../../fixtures/describe.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { localHosts } from './hosts.ts';

const host = '127.0.0.1';

describe('localHosts', ({ test }) => {
  test('gives no port twice when any free one will do', async () => {
    // Half of all, so that chance does not hide it twenty times.
    const taken = new Set(Array.from({ length: 65_536 }, (_, port) => port).filter((port) => port & 2));
    for (let round = 0; round < 20; round++) {
      const port = await localHosts(host, 0).assignPort(taken);
      assert.equal(taken.has(port!), false, `port ${port}`);
    }
  });
  test('passes over what is given away and what somebody listens on', async () => {
    const first = await freePort();
    const other = createServer().listen(first, host);
    await once(other, 'listening');
    try {
      const port = await localHosts(host, first).assignPort(new Set([first + 1]));
      assert.ok(port! > first + 1, `port ${port}`);
    } finally {
      other.close();
    }
  });
});
