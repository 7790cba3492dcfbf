// Connections to one server, seen from the server: how many there are, and for how long.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, describe } from '../../fixtures/describe.ts';
import { type Connections, type ConnectionsOptions, openConnections } from './connections.ts';

/** More than fits between the two ends. */
const long = Buffer.alloc(32 * 1024 * 1024);

describe('kept connections', ({ test, beforeEach, afterEach }) => {
  let server: Server;
  let connections: Connections;
  let sockets: Socket[];
  beforeEach(async () => {
    sockets = [];
    server = createServer((request, response) => response.end(request.url === '/long' ? long : 'yes'));
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
    connections = openConnections({ ...bounds, ...options });
  };
  const begin = (path: string): Promise<IncomingMessage> => {
    const { port } = server.address() as AddressInfo;
    const url = new URL(path, `http://127.0.0.1:${port}`);
    const plain = { headers: {}, body: undefined, answerTimeoutMs: 1000, signal: undefined };
    return connections.ask({ method: 'GET', url, ...plain });
  };
  const ask = async (): Promise<string> => (await (await begin('/')).toArray()).join('');

  test('are used again', async () => {
    open({});
    assert.equal((await ask()) + (await ask()), 'yesyes');
    assert.equal(sockets.length, 1);
  });

  test('are probed by the system rarely: a probe each second would be all the traffic of an idle site', async () => {
    const delaysMs: unknown[] = [];
    const setKeepAlive: unknown = Reflect.get(Socket.prototype, 'setKeepAlive');
    Socket.prototype.setKeepAlive = function (this: Socket, ...given: unknown[]) {
      delaysMs.push(given[1]);
      return Reflect.apply(setKeepAlive as () => Socket, this, given);
    };
    try {
      open({});
      await ask();
    } finally {
      Reflect.set(Socket.prototype, 'setKeepAlive', setKeepAlive);
    }
    assert.ok(delaysMs.length > 0);
    assert.ok(
      delaysMs.every((delayMs) => Number(delayMs) >= 30_000),
      `after ${delaysMs.join(', ')} ms`,
    );
  });

  test('are let go when nobody uses them for as long as they may be unused', async () => {
    open({ unusedMaxMs: 50 });
    assert.equal(await ask(), 'yes');
    await once(sockets[0]!, 'close');
    assert.equal(await ask(), 'yes');
    assert.equal(sockets.length, 2);
  });

  test('are not taken for silent while their reader takes its time', async () => {
    const silenceMaxMs = 50;
    open({ silenceMaxMs });
    const answer = await begin('/long');
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      if (bytes === 0) await sleep(4 * silenceMaxMs);
      bytes += chunk.length;
    }
    assert.equal(bytes, long.length);
  });
});
