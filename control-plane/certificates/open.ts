// Certificates for a machine that has none: a development authority, made at the first start and kept, and leaves
// that it signs for the names in use. A leaf is renewed while the server runs: every handshake that names a host
// takes the newest.
import { join } from 'node:path';
import { callbackify } from 'node:util';
import type { TlsOptions } from 'node:tls';
import { makeFolder } from '../../registry-node/blobs/durable.ts';
import type { Clock } from '../../registry-node/clock.ts';
import { openAuthority } from './authority.ts';
import { issueLeaf, type Leaf } from './leaf.ts';

export interface Certificates {
  /** PEM of the authority, for clients to trust. */
  readonly authorityFile: string;
  /** For a listener: answers handshakes with a leaf that covers all of `names` as they are then. */
  tls(names: () => readonly string[]): Promise<TlsOptions>;
}

/** @param folder keeps the authority; made when missing */
export async function openCertificates(folder: string, clock: Clock): Promise<Certificates> {
  await makeFolder(folder);
  const authorityFile = join(folder, 'ca.pem');
  const authority = await openAuthority(authorityFile, join(folder, 'ca-key.pem'), clock.now());
  return {
    authorityFile,
    tls: async (names) => {
      const issue = (): Promise<Leaf> => issueLeaf(authority, names(), clock.now());
      let leaf = await issue();
      let renewing: Promise<Leaf> | undefined;
      const isStale = (): boolean =>
        clock.now() >= leaf.renewAt || names().some((name) => !leaf.names.includes(name));
      /** One that cannot be made fails the handshakes that wait for it; the next one tries again. */
      const current = async (): Promise<Leaf> => {
        if (!isStale()) return leaf;
        renewing ??= issue().finally(() => (renewing = undefined));
        leaf = await renewing;
        return leaf;
      };
      const { key, certificate } = leaf;
      return {
        key,
        cert: certificate,
        SNICallback: (_host, done) => {
          callbackify(current)((error, fresh) => done(error, fresh?.context));
        },
      };
    },
  };
}
