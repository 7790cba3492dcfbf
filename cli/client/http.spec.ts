// Whom the command line trusts: the authority that its credential names, and the usual ones where that is not enough.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { assert, describe } from '../../fixtures/describe.ts';
import {
  type DevelopmentCertificate,
  developmentCertificate,
} from '../../fixtures/development-certificate.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { createHttp } from './http.ts';

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
    const http = await createHttp({
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
