// Debian's docker-registry: the registry that most sites run. It stores on the same disk, syncs each file before its 201 as
// it always does, and checks a bearer token on each call, signed with the kind of key that ours uses.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { systemClock } from '../../registry-node/clock.ts';
import { openTokenAuthority } from '../../registry-node/auth/token.ts';
import { freePort } from '../../fixtures/free-port.ts';
import type { Contestant } from './contestant.ts';
import { startServer } from '../../fixtures/clients/server-process.ts';

const service = 'bench';
const issuer = 'Azure Container Registry';
const program = 'docker-registry';

/** @param folder its own, on the disk that all contestants share */
export async function startDockerRegistry(folder: string, repository: string): Promise<Contestant> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const keys = join(folder, 'keys');
  const authority = await openTokenAuthority({ folder: keys, clock: systemClock });
  const certificate = join(folder, 'token.crt');
  await writeFile(certificate, await certify(await readFile(join(keys, 'token-key.pem'), 'utf8')));
  const configuration = join(folder, 'config.yml');
  await writeFile(configuration, configurationText(folder, port, certificate));
  const server = await startServer(program, ['serve', configuration], port, `apt-get install ${program}`);
  const access = { type: 'repository', name: repository, actions: ['pull', 'push'] };
  const { token } = authority.issueAccess({ name: 'bench' }, service, [access]);
  return { name: program, port, ...server, authorization: `Bearer ${token}` };
}

function configurationText(folder: string, port: number, certificate: string): string {
  const configuration = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { cache: { blobdescriptor: 'inmemory' }, filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: `127.0.0.1:${port}` },
    auth: {
      token: { realm: `http://127.0.0.1:${port}/token`, service, issuer, rootcertbundle: certificate },
    },
  };
  // JSON is YAML.
  return JSON.stringify(configuration);
}

/** A certificate that says nothing but which key to trust. */
async function certify(privateKey: string): Promise<string> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const der = x509.PemConverter.decodeFirst(privateKey);
  const signing = await webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
  const { kty, n, e } = await webcrypto.subtle.exportKey('jwk', signing);
  const publicKey = await webcrypto.subtle.importKey('jwk', { kty: kty!, n: n!, e: e! }, algorithm, true, [
    'verify',
  ]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: 'CN=bench', keys: { privateKey: signing, publicKey }, signingAlgorithm: algorithm },
    webcrypto,
  );
  return certificate.toString('pem');
}
