// A parent behind a proxy: a server for TLS under a name that only the proxy finds.
import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { assert, describe } from '../../fixtures/describe.ts';
import { developmentCertificate } from '../../fixtures/development-certificate.ts';
import { type HttpProxy, startHttpProxy } from '../../fixtures/http-proxy.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { type Connections, openConnections } from './connections.ts';

const name = 'parent.factory.example';

describe('a parent behind a proxy', ({ test, before, after, beforeEach, afterEach }) => {
  let authority: string;
  let server: Server;
  let port: number;
  let proxy: HttpProxy;
  let connections: Connections;
  before(async () => {
    const certificate = await developmentCertificate([name, 'localhost', '127.0.0.1']);
    authority = certificate.authority;
    server = createServer(certificate.tls, (request, response) => response.end(request.headers.host));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(async () => {
    proxy = await startHttpProxy(port);
  });
  afterEach(async () => {
    connections.close();
    await proxy.close();
  });
  const open = (except?: string): void => {
    const bounds = { connectionsMax: 2, silenceMaxMs: 1000 };
    connections = openConnections({
      ...bounds,
      certificateAuthority: authority,
      proxy: { url: proxy.url, except },
    });
  };
  const ask = async (url: string): Promise<string> => {
    const plain = { headers: {}, body: undefined, answerTimeoutMs: 1000, signal: undefined };
    const answer = await connections.ask({ method: 'GET', url: new URL(url), ...plain });
    return (await answer.toArray()).join('');
  };

  test('is reached through one tunnel, which is kept', async () => {
    open();
    assert.equal(await ask(`https://${name}/v2/`), name);
    assert.equal(await ask(`https://${name}/v2/`), name);
    assert.deepEqual(proxy.asked, [`@${name}:443`]);
  });
  test('is reached as whom the proxy knows', async () => {
    proxy.url = new URL(proxy.url.href.replace('//', '//ship:a%40b@'));
    open();
    await ask(`https://${name}:8443/v2/`);
    assert.deepEqual(proxy.asked, [`ship:a@b@${name}:8443`]);
  });
  test('is not asked through the proxy when it lives on this machine', async () => {
    open();
    for (const host of ['127.0.0.1', 'localhost'])
      assert.equal(await ask(`https://${host}:${port}/v2/`), `${host}:${port}`);
    assert.deepEqual(proxy.asked, []);
  });
  for (const except of [name, '.factory.example', `elsewhere.example, ${name}`]) {
    test(`is not asked through the proxy when it is excepted as ${except}`, async () => {
      open(except);
      await assert.rejects(ask(`https://${name}/v2/`), { code: 'ENOTFOUND' });
      assert.deepEqual(proxy.asked, []);
    });
  }
  test('is not asked without TLS through the proxy, which would read its tokens', async () => {
    const plain = createPlainServer((_, response) => response.end('straight'));
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    open();
    await assert.rejects(ask(`http://${name}/v2/`), { code: 'ENOTFOUND' });
    assert.equal(await ask(`http://127.0.0.1:${(plain.address() as AddressInfo).port}/`), 'straight');
    assert.deepEqual(proxy.asked, []);
    plain.closeAllConnections();
    plain.close();
  });
  test('is out of reach when the proxy refuses, and no password is told', async () => {
    await proxy.close();
    proxy = await startHttpProxy(port, 407);
    proxy.url = new URL(proxy.url.href.replace('//', '//ship:secret@'));
    open();
    await assert.rejects(ask(`https://${name}/v2/`), (error: Error) => {
      assert.equal(error.message, `the proxy ${proxy.url.host} makes no tunnel: it answers 407`);
      assert.doesNotMatch(inspect(error), /secret/);
      return true;
    });
  });
  test('is out of reach when the proxy is, and that is what is said', async () => {
    await proxy.close();
    open();
    const { host } = proxy.url;
    const message = `the proxy ${host} makes no tunnel: connect ECONNREFUSED ${host}`;
    await assert.rejects(ask(`https://${name}/v2/`), { message, code: 'ERR_PROXY_TUNNEL' });
    proxy = await startHttpProxy(port);
  });
});

describe('a proxy that says nothing', ({ test, beforeEach, afterEach }) => {
  let proxy: HttpProxy;
  let connections: Connections;
  const ask = (signal?: AbortSignal): Promise<unknown> =>
    connections.ask({
      method: 'GET',
      url: new URL(`https://${name}/`),
      headers: {},
      body: undefined,
      answerTimeoutMs: 1000,
      signal,
    });
  beforeEach(async () => {
    proxy = await startHttpProxy(0, 'silence');
    connections = openConnections({ connectionsMax: 2, silenceMaxMs: 1000, proxy: { url: proxy.url } });
  });
  afterEach(async () => {
    connections.close();
    await proxy.close();
  });

  test('is given up in time', () => assert.rejects(ask(), { code: 'ETIMEDOUT' }));
  test('is left at once when the caller gives up', async () => {
    const giving = new AbortController();
    const asking = ask(giving.signal);
    await waitFor('the proxy to be asked', async () => proxy.asked.length > 0);
    const startedAt = performance.now();
    giving.abort(new Error('enough'));
    await assert.rejects(asking, /enough/);
    assert.ok(performance.now() - startedAt < 5000);
  });
  test('holds up no end', async () => {
    const asking = ask();
    await waitFor('the proxy to be asked', async () => proxy.asked.length > 0);
    connections.close();
    await assert.rejects(asking, /closed/);
  });
});
