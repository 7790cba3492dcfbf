// How another registry is spoken to, against small servers that behave as real ones do, and as broken ones do.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFlow } from '../../fixtures/read-flow.ts';
import type { Flow } from '../blobs/flow.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import type { Clock } from '../clock.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { parseTag } from '../oci/reference.ts';
import { isRemoteError, type RemoteErrorKind } from './errors.ts';
import { openRemoteRegistry, type RemoteRegistry, type RemoteRegistryOptions } from './open.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves what a test says, and remembers what it was asked: `METHOD path?query`, and the Authorization header. */
async function serve(
  answer: Answer,
): Promise<{ server: Server; host: string; asked: string[]; authorizations: string[] }> {
  const asked: string[] = [];
  const authorizations: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers.authorization ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, host: `127.0.0.1:${address.port}`, asked, authorizations };
}

const credentials = { username: 'site1', password: 'secret' };
const basic = `Basic ${Buffer.from('site1:secret').toString('base64')}`;
const blob = Buffer.from('0123456789');
const digest = digestOf(blob);

const bytesOf = async (body: Flow): Promise<string> => (await readFlow(body)).toString();

describe('another registry over HTTP', ({ test, afterEach }) => {
  const opened: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  const start = async (answer: Answer) => {
    const started = await serve(answer);
    opened.push({ close: () => started.server.closeAllConnections() }, started.server);
    return started;
  };
  const open = (endpoint: string, options: Partial<RemoteRegistryOptions> = {}): RemoteRegistry => {
    const registry = openRemoteRegistry({ endpoint, protocol: 'http', ...options });
    opened.unshift(registry);
    return registry;
  };
  const failsAs =
    (kind: RemoteErrorKind, message = /./) =>
    (error: unknown) =>
      isRemoteError(error, kind) && message.test(error.message) && !error.message.includes('secret');

  /** A registry that issues the token `t<number>` for each sign-in and takes only the newest. */
  const guarded = (realm: (request: IncomingMessage) => string) => {
    const state = { issued: 0, revoked: false };
    const answer: Answer = (request, response) => {
      const url = new URL(request.url!, 'http://x');
      if (url.pathname.endsWith('/token')) {
        if (request.headers.authorization !== basic) response.writeHead(401).end();
        else response.end(JSON.stringify({ access_token: `t${++state.issued}`, expires_in: 3600 }));
        state.revoked = false;
      } else if (request.headers.authorization !== `Bearer t${state.issued}` || state.revoked) {
        const scope = 'repository:app:pull';
        const challenge = `Bearer realm="${realm(request)}",service="s",scope="${scope}"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      } else response.writeHead(200, { 'content-length': '10' }).end();
    };
    return { state, answer };
  };
  const own = (request: IncomingMessage): string => `http://${request.headers.host}/oauth2/token`;

  test('is signed in to when it asks, once for many requests', async () => {
    const { answer } = guarded(own);
    const { host, asked } = await start(answer);
    const registry = open(host, { credentials });
    assert.equal(await registry.blobSize('app', digest), 10);
    assert.equal(await registry.blobSize('app', digest), 10);
    assert.deepEqual(asked, [
      `HEAD /v2/app/blobs/${digest}`,
      'GET /oauth2/token?service=s&scope=repository%3Aapp%3Apull',
      `HEAD /v2/app/blobs/${digest}`,
      `HEAD /v2/app/blobs/${digest}`,
    ]);
  });

  test('with a known token path needs no challenge, and the realm of one is not followed', async () => {
    const { answer, state } = guarded(() => 'http://proxy.invalid/token');
    const { host, asked } = await start(answer);
    const registry = open(host, { credentials, tokenPath: '/acr/oauth2/token' });
    await registry.blobSize('app', digest);
    assert.equal(asked.length, 2);
    assert.match(asked[0]!, /^GET \/acr\/oauth2\/token\?service=127/);
    state.revoked = true;
    assert.equal(await registry.blobSize('app', digest), 10);
    assert.equal(state.issued, 2);
  });

  test('is believed to lack something only when it says so itself', async () => {
    const mark = { 'docker-distribution-api-version': 'registry/2.0' };
    const unknown = JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN' }] });
    const rows: [string, Record<string, string>, string, boolean][] = [
      ['the registry', mark, unknown, true],
      ['a proxy', {}, '<h1>Not Found</h1>', false],
      ['something that does not know of the registry', {}, unknown, false],
      ['a registry without the route', mark, JSON.stringify({ errors: [{ code: 'UNSUPPORTED' }] }), false],
    ];
    for (const [who, headers, body, believed] of rows) {
      const { host } = await start((_, response) => void response.writeHead(404, headers).end(body));
      const registry = open(host, { marksAnswers: true });
      const reading = registry.manifest('app', { digest });
      if (believed) assert.equal(await reading, undefined, who);
      else await assert.rejects(reading, failsAs('failed', /not the registry's own word/), who);
      const removing = registry.deleteManifest('app', { digest });
      if (believed) assert.equal(await removing, false, who);
      else await assert.rejects(removing, failsAs('failed'), who);
    }
  });

  test('that names another request in its answer is not believed, and one that names none is', async () => {
    let named: string | undefined = 'another';
    const { host } = await start((_, response) => {
      const name = named === undefined ? {} : { 'x-ms-client-request-id': named };
      response.writeHead(200, { 'content-length': '10', ...name }).end();
    });
    const registry = open(host, { marksAnswers: true });
    await assert.rejects(registry.blobSize('app', digest), failsAs('failed', /repeats answers/));
    await assert.rejects(
      open(host, { credentials, tokenPath: '/token', marksAnswers: true }).blobSize('app', digest),
      failsAs('failed', /repeats answers/),
    );
    named = undefined;
    assert.equal(await registry.blobSize('app', digest), 10);
  });

  test('lacks nothing because there was no place to sign in at', async () => {
    const { host } = await start((_, response) => void response.writeHead(404).end());
    const registry = open(host, { credentials, tokenPath: '/token', marksAnswers: true });
    await assert.rejects(registry.manifest('app', { digest }), failsAs('failed'));
  });

  test('gets a new token when the one that is kept is no longer taken', async () => {
    const { answer, state } = guarded(own);
    const { host } = await start(answer);
    const registry = open(host, { credentials });
    await registry.blobSize('app', digest);
    state.revoked = true;
    assert.equal(await registry.blobSize('app', digest), 10);
    assert.equal(state.issued, 2);
  });

  test('gets a new token before the kept one expires', async () => {
    const { answer, state } = guarded(own);
    const { host } = await start(answer);
    let now = 0;
    const clock: Clock = { now: () => new Date(now), sleep: async () => undefined };
    const registry = open(host, { credentials, clock });
    await registry.blobSize('app', digest);
    now = 3_539_000;
    await registry.blobSize('app', digest);
    assert.equal(state.issued, 1);
    now = 3_541_000;
    await registry.blobSize('app', digest);
    assert.equal(state.issued, 2);
  });

  test('never gets the password to a realm on a foreign host', async () => {
    const foreign = await start((_, response) => response.end('{"access_token":"x"}'));
    const { answer } = guarded(() => `http://${foreign.host.replace('127.0.0.1', 'localhost')}/token`);
    const { host } = await start(answer);
    await assert.rejects(
      open(host, { credentials }).blobSize('app', digest),
      failsAs('unauthorized', /not sent there/),
    );
    assert.deepEqual(foreign.asked, []);
  });

  test('that takes Basic is given it after its challenge', async () => {
    const { host, authorizations } = await start((request, response) => {
      if (request.headers.authorization === basic) response.writeHead(200, { 'content-length': '10' }).end();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    });
    const registry = open(host, { credentials });
    await registry.blobSize('app', digest);
    await registry.blobSize('app', digest);
    assert.deepEqual(authorizations, ['', basic, basic]);
  });

  test('that refuses the password is asked once and no more', async () => {
    const { host, asked } = await start((_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' });
      response.end('{"errors":[{"code":"UNAUTHORIZED","message":"Incorrect Password"}]}');
    });
    const registry = open(host, { credentials });
    await assert.rejects(
      registry.manifest('app', { digest }),
      failsAs('unauthorized', /UNAUTHORIZED: Incorrect Password/),
    );
    assert.equal(asked.length, 2);
  });

  test('redirects to another host, and the credentials stay behind', async () => {
    const storage = await start((_, response) => response.end(blob));
    const { host } = await start((request, response) => {
      if (request.headers.authorization !== basic) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      } else response.writeHead(307, { location: `http://${storage.host}/there?sig=1` }).end();
    });
    const body = await open(host, { credentials }).openBlob('app', digest);
    assert.equal(await bytesOf(body), '0123456789');
    assert.deepEqual(storage.authorizations, ['']);
    assert.deepEqual(storage.asked, ['GET /there?sig=1']);
  });

  test('that redirects for ever is given up on', async () => {
    const { host, asked } = await start((_, response) =>
      response.writeHead(307, { location: '/again' }).end(),
    );
    await assert.rejects(
      open(host).openBlob('app', digest),
      failsAs('malformed', /redirected more than 5 times/),
    );
    assert.equal(asked.length, 6);
  });

  for (const [what, ranges] of [
    ['honours ranges', true],
    ['ignores ranges', false],
  ] as const) {
    test(`that ${what} gives the middle of a blob`, async () => {
      const { host } = await start((request, response) => {
        const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
        if (!ranges || !range) return response.end(blob);
        const end = range[2] ? Number(range[2]) : 9;
        response.writeHead(206, { 'content-range': `bytes ${range[1]}-${end}/10` });
        return response.end(blob.subarray(Number(range[1]), end + 1));
      });
      const registry = open(host);
      assert.equal(await bytesOf(await registry.openBlob('app', digest, { start: 3, length: 4 })), '3456');
      assert.equal(await bytesOf(await registry.openBlob('app', digest, { start: 7 })), '789');
      assert.equal(await bytesOf(await registry.openBlob('app', digest)), '0123456789');
    });
  }

  test('that gives another part of a blob than was asked for is not believed', async () => {
    const { host } = await start((_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-9/10' }).end(blob);
    });
    await assert.rejects(open(host).openBlob('app', digest, { start: 5 }), failsAs('malformed'));
  });

  test('that cuts a blob short fails as unreachable', async () => {
    const { host } = await start((_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('0123', () => response.destroy());
    });
    const body = await open(host).openBlob('app', digest);
    await assert.rejects(bytesOf(body), failsAs('unreachable'));
  });

  test('that gives a manifest with another digest is not believed', async () => {
    const { host } = await start((_, response) => response.end('{}'));
    await assert.rejects(
      open(host).manifest('app', { digest: digestOf('other') }),
      failsAs('malformed', /digest/),
    );
  });

  test('that gives a manifest by tag is held to the digest it names', async () => {
    const wrong: Digest = digestOf('other');
    const { host } = await start((_, response) => {
      response.writeHead(200, { 'docker-content-digest': wrong }).end('{}');
    });
    await assert.rejects(open(host).manifest('app', { tag: parseTag('v1') }), failsAs('malformed'));
  });

  test('lists all tags by following its Link headers, and stays on its own address', async () => {
    const { host, asked } = await start((request, response) => {
      const last = new URL(request.url!, 'http://x').searchParams.get('last');
      const next = { null: 'a', a: 'b', b: undefined }[String(last)];
      if (next)
        response.setHeader('link', `<http://internal.invalid/v2/app/tags/list?last=${next}>; rel="next"`);
      response.end(JSON.stringify({ tags: [last ? `${last}1` : 'first'] }));
    });
    const tags: string[] = [];
    for await (const tag of open(host).tags('app')) tags.push(tag);
    assert.deepEqual(tags, ['first', 'a1', 'b1']);
    assert.equal(asked.length, 3);
  });

  for (const [status, kind] of [
    [403, 'denied'],
    [409, 'conflict'],
    [416, 'refused'],
    [500, 'failed'],
    [503, 'busy'],
  ] as const) {
    test(`that answers ${status} fails as ${kind}`, async () => {
      const { host } = await start((_, response) => response.writeHead(status).end());
      await assert.rejects(open(host).manifest('app', { digest }), failsAs(kind));
    });
  }

  test('that is busy says when to come back', async () => {
    const { host } = await start((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    await assert.rejects(
      open(host).manifest('app', { digest }),
      (error) => isRemoteError(error, 'busy') && error.retryAfterMs === 7000,
    );
  });

  test('that knows no such manifest has none', async () => {
    const { host } = await start((_, response) => response.writeHead(404).end());
    assert.equal(await open(host).manifest('app', { digest }), undefined);
    assert.equal(await open(host).deleteManifest('app', { digest }), false);
  });

  test('that nobody serves fails as unreachable', async () => {
    const { server, host } = await serve((_, response) => response.end());
    server.close();
    await assert.rejects(open(host).blobSize('app', digest), failsAs('unreachable', /ECONNREFUSED/));
  });

  test('is left at once when the caller gives up', async () => {
    const { host } = await start(() => undefined);
    const reason = new Error('enough');
    const asking = open(host).manifest('app', { digest }, AbortSignal.abort(reason));
    await assert.rejects(asking, (error) => error === reason);
  });
});
