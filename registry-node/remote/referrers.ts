// What refers to a manifest of another registry: signatures, SBOMs (distribution-spec, "Listing Referrers"). A registry
// without that API keeps the list under a tag made of the digest ("Unavailable Referrers API").
import type { Digest } from '../oci/digest.ts';
import { type Descriptor, parseManifest } from '../oci/manifest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { OciError } from '../oci/errors.ts';
import { parseTag } from '../oci/reference.ts';
import { isRemoteError, type RemoteErrorKind } from './errors.ts';
import { pages } from './lists.ts';
import type { ManifestRequests } from './manifests.ts';
import { pulling } from './purpose.ts';
import type { Requests } from './requests.ts';

export interface ReferrerRequests {
  /** In the registry's order; none when it knows of none. */
  referrers(repository: string, subject: Digest, signal?: AbortSignal): AsyncIterable<Descriptor>;
}

/** How registries without the API answer; some with a page for people. */
const withoutList: readonly RemoteErrorKind[] = ['not-found', 'refused', 'denied', 'malformed'];

export function referrerRequests(requests: Requests, manifests: ManifestRequests): ReferrerRequests {
  return {
    async *referrers(repository, subject, signal) {
      const path = `/v2/${repository}/referrers/${subject}`;
      try {
        for await (const page of pages(requests, path, pulling(repository), signal))
          yield* parseManifest(Buffer.from(JSON.stringify(page)), mediaTypes.ociIndex).manifests;
      } catch (error) {
        if (!isRemoteError(error, ...withoutList) && !(error instanceof OciError)) throw error;
        yield* await taggedReferrers(manifests, repository, subject, signal);
      }
    },
  };
}

async function taggedReferrers(
  manifests: ManifestRequests,
  repository: string,
  subject: Digest,
  signal: AbortSignal | undefined,
): Promise<Descriptor[]> {
  const tag = parseTag(subject.replace(':', '-').slice(0, 128));
  const list = await manifests.manifest(repository, { tag }, signal);
  return list ? parseManifest(list.bytes, list.mediaType).manifests : [];
}
