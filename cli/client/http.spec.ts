// Whom the command line trusts: the authority that its credential names, and the usual ones where that is not enough.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type DeafServer, deafServer, silentServer } from '../../fixtures/deaf-server.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import {
  type DevelopmentCertificate,
  developmentCertificate,
} from '../../fixtures/development-certificate.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { createHttp, type Http } from './http.ts';

describe('a server is trusted', ({ test, before, after }) => {
  const usual = getCACertificates('default');
  let folder: string;
  let own: DevelopmentCertificate;
  let other: DevelopmentCertificate;
  let server: Server;
  let url: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-http-'));
    [own, other] = [await developmentCertificate(), await developmentCertificate()];
    server = createServer(own.tls, (_request, response) => response.end('"served"'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  });
  after(async () => {
    setDefaultCACertificates(usual);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  const ask = async (authority: string | undefined, defaults: readonly string[]): Promise<unknown> => {
    setDefaultCACertificates(defaults);
    const file = join(folder, 'authority.pem');
    if (authority !== undefined) await writeFile(file, authority);
    const http = createHttp({
      certificateAuthorityFile: authority === undefined ? undefined : file,
      clock: systemClock,
      trace: undefined,
      unreachableHint: 'hint',
    });
    return (await http.send<unknown>({ url, headers: { connection: 'close' } })).data;
  };

  test('that the named authority stands for', async () => {
    assert.equal(await ask(own.authority, []), 'served');
  });
  test('that only the usual authorities stand for, though another is named', async () => {
    assert.equal(await ask(other.authority, [own.authority]), 'served');
  });
  test('that the usual authorities stand for, when none is named', async () => {
    assert.equal(await ask(undefined, [own.authority]), 'served');
  });
  test('never, when nobody stands for it', async () => {
    await assert.rejects(
      ask(other.authority, [other.authority]),
      /Could not reach https:\/\/localhost:\d+: its certificate is not from an authority that acrc trusts/,
    );
  });
});

describe('a server that is not there', ({ test, afterEach }) => {
  const open: DeafServer[] = [];
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });
  const http = (connectMs?: number): Http =>
    createHttp({
      certificateAuthorityFile: undefined,
      clock: systemClock,
      trace: undefined,
      unreachableHint: 'hint',
      ...(connectMs !== undefined && { connectMs }),
    });
  /** @returns how long it took */
  const refused = async (url: string, message: RegExp): Promise<number> => {
    const started = performance.now();
    await assert.rejects(http().send({ url }), { message, hint: 'hint' });
    return performance.now() - started;
  };

  const rows: [string, 'http' | 'https', () => Promise<DeafServer>][] = [
    ['and swallows packets', 'http', deafServer],
    ['and takes connections but does not speak TLS', 'https', silentServer],
  ];
  for (const [name, scheme, start] of rows) {
    test(`${name} is given up in under two seconds`, async () => {
      const server = await start();
      open.push(server);
      const url = `${scheme}://127.0.0.1:${server.port}`;
      const tookMs = await refused(`${url}/x`, new RegExp(`^Could not reach ${url}: it does not answer\\.$`));
      assert.ok(tookMs < 2000, `it took ${tookMs} ms`);
    });
  }

  test('is waited for as long as was asked', async () => {
    const server = await silentServer();
    open.push(server);
    const started = performance.now();
    await assert.rejects(http(100).send({ url: `https://127.0.0.1:${server.port}/` }), /does not answer/);
    assert.ok(performance.now() - started < 1500);
  });
});
