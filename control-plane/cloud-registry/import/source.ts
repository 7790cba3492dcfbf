// Where an import comes from: a registry somewhere, or another one of this control plane, which is read without a
// detour over the network.
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { flowOf } from '../../../registry-node/blobs/flow.ts';
import type { Content } from '../../../registry-node/content/content.ts';
import type { Digest } from '../../../registry-node/oci/digest.ts';
import { limits } from '../../../registry-node/oci/limits.ts';
import { parseRepositoryName } from '../../../registry-node/oci/name.ts';
import type { Reference } from '../../../registry-node/oci/reference.ts';
import type { CopySource } from '../../../registry-node/remote/copy.ts';
import { isOfCertificate, isRemoteError } from '../../../registry-node/remote/errors.ts';
import type { RemoteManifest } from '../../../registry-node/remote/manifests.ts';
import { openRemoteRegistry, type RemoteRegistryOptions } from '../../../registry-node/remote/open.ts';

export interface ImportSource extends CopySource {
  manifest(
    repository: string,
    reference: Reference,
    signal?: AbortSignal,
  ): Promise<RemoteManifest | undefined>;
  /** What refers to a manifest, whether it is there or not. */
  referrers(repository: string, subject: Digest, signal?: AbortSignal): AsyncIterable<{ digest: Digest }>;
  close(): Promise<void>;
}

/** Names that stand for another host. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['docker.io', 'registry-1.docker.io'],
  ['index.docker.io', 'registry-1.docker.io'],
]);

/**
 * Finds out how `host` is reached: by TLS, or, on this machine only, by plain HTTP, as Docker does.
 * @throws RemoteError unreachable
 */
export async function openHostSource(
  host: string,
  options: Omit<RemoteRegistryOptions, 'endpoint' | 'protocol'>,
  signal: AbortSignal,
): Promise<ImportSource> {
  const endpoint = aliases.get(host.toLowerCase()) ?? host;
  const remote = openRemoteRegistry({ ...options, endpoint, protocol: 'https' });
  if (!isLoopback(endpoint)) return remote;
  try {
    const answer = await remote.send({ method: 'GET', path: '/v2/', purpose: { key: 'reach' }, signal });
    await answer.drop();
    return remote;
  } catch (error) {
    // Whoever answered, if only to refuse, speaks TLS; and so does who shows a certificate.
    if (!isRemoteError(error, 'unreachable') || isOfCertificate(error.code)) return remote;
    await remote.close();
    return openRemoteRegistry({ ...options, endpoint, protocol: 'http' });
  }
}

function isLoopback(endpoint: string): boolean {
  const { hostname } = new URL(`https://${endpoint}`);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** @param endpoint for messages */
export function contentSource(content: Content, endpoint: string): ImportSource {
  return {
    endpoint,
    manifest: (repository, reference) => content.manifest(parseRepositoryName(repository), reference),
    async *referrers(repository, subject) {
      const name = parseRepositoryName(repository);
      const n = limits.referrersPageEntriesMax;
      for (let last: Digest | undefined; ;) {
        const page = await content.referrers(name, subject, { n, last });
        yield* page;
        last = page.at(-1)?.digest;
        if (page.length < n) return;
      }
    },
    openBlob: async (repository, digest, range) => {
      const start = range?.start ?? 0;
      const end = range?.length === undefined ? undefined : start + range.length - 1;
      const size = await content.blobSize(parseRepositoryName(repository), digest);
      const bounded = size === undefined ? undefined : { start, end: Math.min(end ?? size - 1, size - 1) };
      const pipe = new PassThrough();
      content.sendBlob(parseRepositoryName(repository), digest, pipe, bounded).then(
        () => pipe.end(),
        (error: Error) => pipe.destroy(error),
      );
      await Promise.race([once(pipe, 'readable'), once(pipe, 'end')]);
      const flow = flowOf(pipe);
      // A target that fails leaves it full, and nobody would ever take the rest.
      return (take) => flow(take).finally(() => pipe.destroy());
    },
    close: async () => {},
  };
}
