// The development authority and its leaves, by Node's own eyes: what a TLS client would accept.
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import { assert, describe } from '../../fixtures/describe.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { type Authority, openAuthority } from './authority.ts';
import { issueLeaf } from './leaf.ts';
import { openCertificates } from './open.ts';

const now = new Date('2026-03-01T00:00:00Z');
const years = (count: number): Date => new Date(now.getTime() + count * 365 * 24 * 3600 * 1000);

describe('certificates', ({ before, after, test }) => {
  let folder: string;
  let authority: Authority;
  const open = (at: Date): Promise<Authority> =>
    openAuthority(join(folder, 'ca.pem'), join(folder, 'ca-key.pem'), at);
  const serial = async (): Promise<string> =>
    new X509Certificate(await readFile(join(folder, 'ca.pem'))).serialNumber;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-certificates-'));
    authority = await open(now);
  });
  after(() => rm(folder, { recursive: true }));

  test('cover every name, and are signed by the authority', async () => {
    const names = ['localhost', '127.0.0.1', '::1', '*.acr.example.com'];
    const leaf = new X509Certificate((await issueLeaf(authority, names, now)).certificate);
    for (const host of ['localhost', 'myregistry.acr.example.com'])
      assert.equal(leaf.checkHost(host) !== undefined, true, host);
    for (const address of ['127.0.0.1', '::1']) assert.equal(leaf.checkIP(address), address);
    assert.equal(leaf.checkHost('example.com'), undefined);
    const issuer = new X509Certificate(await readFile(join(folder, 'ca.pem')));
    assert.ok(leaf.verify(issuer.publicKey) && leaf.checkIssued(issuer));
    assert.deepEqual([issuer.ca, leaf.ca], [true, false]);
  });

  test('are renewed well before they expire', async () => {
    const { certificate, renewAt } = await issueLeaf(authority, ['localhost'], now);
    const expiresAt = new Date(new X509Certificate(certificate).validTo);
    assert.ok(renewAt < expiresAt && renewAt > years(0.8));
    assert.ok(expiresAt < years(1.1), 'clients refuse leaves that live longer');
  });

  test('are renewed once, however many clients come at that moment', async () => {
    let time = now;
    const clock = { ...systemClock, now: () => time };
    const certificates = await openCertificates(join(folder, 'renewing'), clock);
    const { SNICallback } = await certificates.tls(() => ['localhost']);
    const greet = (): Promise<SecureContext | undefined> =>
      new Promise((resolve, reject) => {
        SNICallback!('localhost', (error, context) => (error ? reject(error) : resolve(context)));
      });
    const first = await greet();
    assert.equal(await greet(), first);
    time = years(1);
    const renewed = await Promise.all(Array.from({ length: 8 }, greet));
    assert.equal(new Set(renewed).size, 1);
    assert.notEqual(renewed[0], first);
  });

  test('keep their authority from start to start, with a private key', async () => {
    const first = await serial();
    await open(years(1));
    assert.equal(await serial(), first);
    assert.equal((await stat(join(folder, 'ca-key.pem'))).mode & 0o777, 0o600);
  });

  test('get a new authority before the old one ends', async () => {
    const first = await serial();
    await open(years(9.5));
    assert.notEqual(await serial(), first);
  });
});
