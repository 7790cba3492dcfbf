// Connections to one server, seen from the server: how many there are, and for how long.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { assert, describe } from '../../fixtures/describe.ts';
import { type Connections, type ConnectionsOptions, openConnections } from './connections.ts';

describe('kept connections', ({ test, beforeEach, afterEach }) => {
  let server: Server;
  let connections: Connections;
  let sockets: Socket[];
  beforeEach(async () => {
    sockets = [];
    server = createServer((_, response) => response.end('yes'));
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket) => sockets.push(socket));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    connections.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const open = (options: Partial<ConnectionsOptions>): void => {
    const bounds = { connectionsMax: 2, silenceMaxMs: 1000 };
    connections = openConnections({ certificateAuthority: undefined, ...bounds, ...options });
  };
  const ask = async (): Promise<string> => {
    const { port } = server.address() as AddressInfo;
    const url = new URL(`http://127.0.0.1:${port}`);
    const plain = { headers: {}, body: undefined, answerTimeoutMs: 1000, signal: undefined };
    const answer = await connections.ask({ method: 'GET', url, ...plain });
    return (await answer.toArray()).join('');
  };

  test('are used again', async () => {
    open({});
    assert.equal((await ask()) + (await ask()), 'yesyes');
    assert.equal(sockets.length, 1);
  });

  test('are let go when nobody uses them for as long as they may be unused', async () => {
    open({ unusedMaxMs: 50 });
    assert.equal(await ask(), 'yes');
    await once(sockets[0]!, 'close');
    assert.equal(await ask(), 'yes');
    assert.equal(sockets.length, 2);
  });
});
