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
      let leaf = issueLeaf(authority, names(), clock.now());
      const current = async (): Promise<Leaf> => {
        const { names: covered, renewAt } = await leaf;
        const stale = clock.now() >= renewAt || names().some((name) => !covered.includes(name));
        if (stale) leaf = issueLeaf(authority, names(), clock.now());
        return leaf;
      };
      const { key, certificate } = await leaf;
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
