// The way to the control plane of this machine: through its socket while that is its own and answers, else as to any other.
import axios from 'axios';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import {
  type DevelopmentCertificate,
  developmentCertificate,
} from '../../fixtures/development-certificate.ts';
import { connect } from './connections.ts';
import { nodeHttp } from './node-http.ts';

const answering =
  (status: number, words: string): RequestListener =>
  (request, response) =>
    void response.writeHead(status).end(`${words} ${request.method} ${request.headers.host}${request.url}`);

describe('the control plane of this machine is asked', ({ before, after, afterEach, test }) => {
  let folder: string;
  let certificate: DevelopmentCertificate;
  const open: Server[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-way-'));
    certificate = await developmentCertificate();
    await writeFile(join(folder, 'authority.pem'), certificate.authority);
  });
  afterEach(async () => {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const listen = async (server: Server, where: string | number): Promise<Server> => {
    open.push(server);
    await new Promise<void>((resolve) => server.listen(where, resolve));
    return server;
  };
  const network = async (): Promise<string> => {
    const server = createSecureServer(certificate.tls, answering(200, 'network'));
    return `https://localhost:${((await listen(server, 0)).address() as AddressInfo).port}`;
  };
  const path = (): string => join(folder, 'arm.sock');
  const ask = async (origin: string, url: string, connectMs = 1500): Promise<string> => {
    const way = connect(
      (config) => axios.request({ validateStatus: () => true, adapter: nodeHttp, ...config }),
      {
        certificateAuthorityFile: join(folder, 'authority.pem'),
        connectMs,
        local: { origin, socketPath: path() },
      },
    );
    return (await way<string>({ url })).data;
  };

  test('through its socket, by its name', async () => {
    await listen(createServer(answering(200, 'socket')), path());
    const origin = 'https://localhost:4430';
    assert.equal(await ask(origin, `${origin}/a?b=c`), 'socket GET localhost:4430/a?b=c');
  });
  test('over the network, when there is no socket', async () => {
    const origin = await network();
    assert.match(await ask(origin, `${origin}/a`), /^network GET /);
  });
  test('over the network, when nobody listens at the socket any more', async () => {
    await writeFile(path(), '');
    const origin = await network();
    assert.match(await ask(origin, `${origin}/a`), /^network GET /);
    await rm(path());
  });
  test('over the network, when another control plane lives at the path', async () => {
    await listen(createServer(answering(421, 'other')), path());
    const origin = await network();
    assert.match(await ask(origin, `${origin}/a`), /^network GET /);
  });
  test('for itself only: a registry is asked over the network', async () => {
    await listen(createServer(answering(200, 'socket')), path());
    const registry = await network();
    assert.match(await ask('https://localhost:4430', `${registry}/v2/`), /^network GET /);
  });
  test('and waited for when it is slow and alive, whatever its name means to the network', async () => {
    let release = (): void => undefined;
    const slow = createServer(({ url }, response) => {
      if (url !== '/healthz') release = () => void response.end('slow');
      else response.end('ok').once('close', () => release());
    });
    await listen(slow, path());
    const origin = 'https://management.nowhere.invalid';
    assert.equal(await ask(origin, `${origin}/a`, 50), 'slow');
  });
  test('and given up when it hangs', async () => {
    await listen(
      createServer(() => undefined),
      path(),
    );
    const origin = 'https://localhost:4430';
    await assert.rejects(ask(origin, `${origin}/a`, 50), /nothing passed for 50 ms/);
  });
});
