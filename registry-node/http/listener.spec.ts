// One port for two languages, and a door that closes without cutting anybody off.
import { once } from 'node:events';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import type { RequestListener } from 'node:http';
import {
  type DevelopmentCertificate,
  developmentCertificate,
} from '../../fixtures/development-certificate.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { type Listener, listen, type ListenOptions, PortTakenError } from './listener.ts';

const host = '127.0.0.1';

describe('a listener', ({ test, before, beforeEach, afterEach }) => {
  let certificate: DevelopmentCertificate;
  let listener: Listener;
  /** Requests that wait for their answer. */
  let held: (() => void)[];
  const handler: RequestListener = (request, response) => {
    const answer = (): void => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => (bytes += chunk.length));
      request.on('end', () => response.end(`${'encrypted' in request.socket} ${bytes}`));
    };
    if (request.url === '/held') held.push(answer);
    else answer();
  };
  const start = async (options: Partial<ListenOptions> = {}): Promise<void> => {
    listener = await listen({ host, port: 0, tls: certificate.tls, handler, ...options });
  };
  before(async () => {
    certificate = await developmentCertificate();
  });
  beforeEach(async () => {
    held = [];
    await start();
  });
  afterEach(() => listener.close());
  const ask = (send: typeof plainRequest, path = '/', body = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = {
        host,
        port: listener.port,
        path,
        method: 'POST',
        ca: certificate.authority,
        agent: false,
      };
      const request = send(options, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve(text));
      });
      request.on('error', reject);
      request.end(body);
    });

  test('serves TLS and plain HTTP on one port, large bodies too', async () => {
    const body = 'x'.repeat(3_000_000);
    for (let round = 0; round < 3; round++) {
      assert.equal(await ask(plainRequest, '/', body), 'false 3000000');
      assert.equal(await ask(secureRequest, '/', body), 'true 3000000');
    }
  });

  test('refuses TLS where it has no certificate', async () => {
    await listener.close();
    await start({ tls: undefined });
    await assert.rejects(ask(secureRequest));
    assert.equal(await ask(plainRequest), 'false 0');
  });

  test('says which port is taken and what to do', async () => {
    const taken = listen({ host, port: listener.port, handler });
    await assert.rejects(taken, (error: unknown) => {
      assert.ok(error instanceof PortTakenError);
      assert.match(
        error.message,
        new RegExp(`^Port ${listener.port} on 127\\.0\\.0\\.1 is taken.*choose another`),
      );
      return true;
    });
  });

  test('closes idle connections at once and lets a running request end', async () => {
    const idle = connect(listener.port, host);
    idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle, 'data');
    const answer = ask(secureRequest, '/held');
    while (held.length === 0) await new Promise(setImmediate);
    const started = performance.now();
    const closed = listener.close(5000);
    await once(idle, 'close');
    await assert.rejects(ask(plainRequest), /ECONNREFUSED/);
    held[0]!();
    assert.equal(await answer, 'true 0');
    await closed;
    assert.ok(performance.now() - started < 2000);
  });

  test('cuts what does not end within the grace', async () => {
    const answer = ask(plainRequest, '/held');
    while (held.length === 0) await new Promise(setImmediate);
    await Promise.all([assert.rejects(answer, /hang up|ECONNRESET/), listener.close(20)]);
  });

  const bounds: [name: string, bounds: ListenOptions['bounds'], sent: string, answer: RegExp][] = [
    ['says nothing is closed', { firstByteTimeoutMs: 50 }, '', /^$/],
    ['does not end its headers is answered 408', { headersTimeoutMs: 50 }, 'GET / HTTP/1.1\r\n', / 408 /],
    [
      'stops in the middle of its body is closed',
      { idleTimeoutMs: 50 },
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab',
      /^$/,
    ],
    ['is one too many is closed', { connectionsMax: 0 }, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', /^$/],
  ];
  for (const [name, given, sent, answer] of bounds) {
    test(`bounds what a connection costs: one that ${name}`, async () => {
      await listener.close();
      await start({ bounds: given });
      const socket = connect(listener.port, host);
      let heard = '';
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => (heard += chunk.toString()));
      socket.write(sent);
      await once(socket, 'close');
      assert.match(heard.split('\r\n')[0]!, answer);
    });
  }

  test('lets a connection go that says nothing, and stays up', async () => {
    const silent = connect(listener.port, host);
    await once(silent, 'connect');
    silent.resetAndDestroy();
    const garbage = connect(listener.port, host);
    garbage.write('\u0016garbage');
    garbage.resume();
    await once(garbage, 'close');
    assert.equal(await ask(plainRequest), 'false 0');
  });
});
