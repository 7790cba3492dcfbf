// axios over the adapter of the command line, against a server: what goes out, what comes back, and how each failure is called.
import { create, type AxiosRequestConfig } from 'axios';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { assert, describe } from '../../fixtures/describe.ts';
import { version } from '../../registry-node/version.ts';
import { nodeHttp } from './node-http.ts';

interface Seen {
  method: string;
  length: string | undefined;
  type: string | undefined;
  agent: string | undefined;
  body: string;
}

describe('a request of the command line', ({ before, after, test }) => {
  let server: Server;
  let origin: string;
  const client = create({ adapter: nodeHttp, validateStatus: () => true });
  const send = (config: AxiosRequestConfig) => client.request<Seen>({ url: `${origin}/echo`, ...config });

  before(async () => {
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const rows: [string, AxiosRequestConfig, Partial<Seen>][] = [
    ['has no body unless it is given one', {}, { method: 'GET', body: '' }],
    ['says that a POST without a body is empty', { method: 'POST' }, { length: '0', body: '' }],
    [
      'sends JSON',
      { method: 'PUT', data: { a: 'ü' } },
      { length: '10', type: 'application/json', body: '{"a":"ü"}' },
    ],
    [
      'sends a form',
      { method: 'POST', data: new URLSearchParams({ scope: 'a b' }) },
      { length: '9', type: 'application/x-www-form-urlencoded;charset=utf-8', body: 'scope=a+b' },
    ],
    ['sends bytes', { method: 'PUT', data: Buffer.from('bytes') }, { length: '5', body: 'bytes' }],
    [
      'sends what comes piece by piece, with the length that was named',
      { method: 'PUT', data: Readable.from(['one ', 'two']), headers: { 'content-length': '7' } },
      { length: '7', body: 'one two' },
    ],
    ['says who asks', {}, { agent: `acrc/${version}` }],
  ];
  for (const [name, config, seen] of rows) {
    test(name, async () => assert.partialDeepStrictEqual((await send(config)).data, seen));
  }

  test('gets text that is not JSON, bytes and a stream as it asks for them', async () => {
    const get = async (responseType: 'text' | 'arraybuffer' | 'stream'): Promise<unknown> =>
      (await send({ responseType, transformResponse: (data: unknown) => data })).data;
    assert.match(String(await get('text')), /^\{"method":"GET"/);
    assert.ok(Buffer.isBuffer(await get('arraybuffer')));
    const stream = await get('stream');
    assert.ok(stream instanceof Readable);
    assert.match(await text(stream), /^\{"method":"GET"/);
  });

  test('takes a redirect for the answer: no token goes where nobody sent it', async () => {
    const { status, headers } = await send({ url: `${origin}/moved` });
    assert.deepEqual([status, headers['location']], [307, '/echo']);
  });

  const failures: [string, () => AxiosRequestConfig, string][] = [
    ['is given up when nothing comes', () => ({ url: `${origin}/silent`, timeout: 50 }), 'ECONNABORTED'],
    ['fails when the answer is cut', () => ({ url: `${origin}/cut` }), 'ECONNRESET'],
    ['fails when nobody listens', () => ({ url: 'http://127.0.0.1:1/' }), 'ECONNREFUSED'],
    ['fails as what it sends fails', () => ({ method: 'PUT', data: new Readable({ read: failing }) }), 'EIO'],
  ];
  for (const [name, config, code] of failures) {
    test(name, () => assert.rejects(send(config()), { name: /Error/, code }));
  }
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url, headers } = request;
  if (url === '/silent') return;
  if (url === '/moved') {
    response.writeHead(307, { location: '/echo' }).end();
  } else if (url === '/cut') {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setTimeout(() => response.destroy(), 50);
  } else {
    const body = await text(request).catch(() => 'cut');
    const { 'content-length': length, 'content-type': type, 'user-agent': agent } = headers;
    const seen: Seen = { method, length, type, agent, body };
    response.end(JSON.stringify(seen));
  }
}

function failing(this: Readable): void {
  this.destroy(Object.assign(new Error('the disk failed'), { code: 'EIO' }));
}
