// Manifests of another registry (distribution-spec, "Pulling manifests", "Pushing manifests", "Content management").
import { type Digest, digestAlgorithm, digestOf, tryParseDigest } from '../oci/digest.ts';
import { limits } from '../oci/limits.ts';
import { manifestMediaTypes } from '../oci/media-type.ts';
import type { Reference, Tag } from '../oci/reference.ts';
import { RemoteError } from './errors.ts';
import { readAll } from './answer.ts';
import { deleting, pulling, pushing } from './purpose.ts';
import type { Requests } from './requests.ts';

export interface RemoteManifest {
  digest: Digest;
  /** The Content-Type it came with. */
  mediaType: string | undefined;
  bytes: Uint8Array;
}

export interface ManifestRequests {
  /** Undefined when the repository or the reference is unknown. The digest is computed here and was asked for. */
  manifest(
    repository: string,
    reference: Reference,
    signal?: AbortSignal,
  ): Promise<RemoteManifest | undefined>;
  /** Only what its headers say; the digest is the registry's word. */
  headManifest(
    repository: string,
    reference: Reference,
    signal?: AbortSignal,
  ): Promise<{ digest: Digest | undefined; mediaType: string | undefined } | undefined>;
  /** Stores a manifest under its digest, or under `tag` too. */
  putManifest(repository: string, manifest: RemoteManifest, tag?: Tag, signal?: AbortSignal): Promise<void>;
  /** By digest: the manifest and its tags; by tag: the tag. False when it is not there. */
  deleteManifest(repository: string, reference: Reference, signal?: AbortSignal): Promise<boolean>;
}

export function manifestRequests(requests: Requests): ManifestRequests {
  return {
    async manifest(repository, reference, signal) {
      const request = {
        method: 'GET' as const,
        path: manifestPath(repository, reference),
        headers: { accept: manifestMediaTypes.join(', ') },
        purpose: pulling(repository),
        signal,
      };
      const answer = await orMissing(requests.expect(request));
      if (!answer) return undefined;
      const bytes = await readAll(answer.body, limits.manifestBytesMax, { method: 'GET', url: answer.url });
      const named = reference.digest ?? tryParseDigest(answer.header('docker-content-digest') ?? '');
      const digest = named ? sameDigest(bytes, named, repository) : digestOf(bytes);
      return { digest, bytes, mediaType: answer.header('content-type') };
    },
    async headManifest(repository, reference, signal) {
      const request = {
        method: 'HEAD' as const,
        path: manifestPath(repository, reference),
        headers: { accept: manifestMediaTypes.join(', ') },
        purpose: pulling(repository),
        signal,
      };
      const answer = await orMissing(requests.expect(request));
      await answer?.drop();
      return (
        answer && {
          digest: tryParseDigest(answer.header('docker-content-digest') ?? ''),
          mediaType: answer.header('content-type'),
        }
      );
    },
    async putManifest(repository, { bytes, digest, mediaType }, tag, signal) {
      const answer = await requests.expect({
        method: 'PUT',
        path: putPath(repository, digest, tag),
        headers: mediaType ? { 'content-type': mediaType } : {},
        body: bytes,
        purpose: pushing(repository),
        signal,
      });
      await answer.drop();
    },
    async deleteManifest(repository, reference, signal) {
      const answer = await orMissing(
        requests.expect({
          method: 'DELETE',
          path: manifestPath(repository, reference),
          purpose: deleting(repository),
          signal,
        }),
      );
      await answer?.drop();
      return answer !== undefined;
    },
  };
}

const manifestPath = (repository: string, reference: Reference): string =>
  `/v2/${repository}/manifests/${reference.digest ?? reference.tag}`;

/** What is put under a tag gets its name from the registry, which is a sha256; another is said (distribution-spec main, end-7b). */
function putPath(repository: string, digest: Digest, tag: Tag | undefined): string {
  if (tag === undefined) return manifestPath(repository, { digest });
  if (digestAlgorithm(digest) === 'sha256') return manifestPath(repository, { tag });
  return `${manifestPath(repository, { digest })}?tag=${tag}`;
}

/** The answer, or undefined where the registry knows of no such thing. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RemoteError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

function sameDigest(bytes: Uint8Array, expected: Digest, repository: string): Digest {
  const algorithm = digestAlgorithm(expected);
  const found = digestOf(bytes, algorithm);
  if (found === expected) return found;
  throw new RemoteError(
    'malformed',
    `the manifest ${expected} of ${repository} arrived with digest ${found}`,
  );
}
