// Pushes an image from a layout on this machine to a registry, streaming: blobs first, each only if the registry lacks it,
// then manifests from the leaves up, and the tag last, so that nobody ever sees a tag without what it needs.
import type { AxiosResponse } from 'axios';
import type { RegistryClient } from '../client/registry.ts';
import { registryError } from '../client/registry-error.ts';
import {
  type Digest,
  createDigester,
  digestAlgorithm,
  finishDigest,
} from '../../registry-node/oci/digest.ts';
import { limits } from '../../registry-node/oci/limits.ts';
import { type Descriptor, parseManifest } from '../../registry-node/oci/manifest.ts';
import { failure } from '../errors.ts';
import type { Progress } from '../output/progress.ts';
import { Readable } from 'node:stream';
import { damaged, type Layout, locateBlob, type Place, readBlob, streamOf } from './layout.ts';

export interface Push {
  client: RegistryClient;
  layout: Layout;
  repository: string;
  /** A repository that holds the blobs already: they are mounted and not sent again. */
  mountFrom: string | undefined;
  /** Told how many bytes more there are to send, as far as it is known, and how many were sent or need not be. */
  progress: Progress;
  /** Told about each blob: whether it had to be sent. */
  onBlob(digest: Digest, bytes: number, sent: boolean): void;
}

const uploadsMax = 4;

/** @param reference a tag, or the digest itself for an image without one */
export async function pushImage(
  push: Push,
  root: Pick<Descriptor, 'digest' | 'mediaType'>,
  reference: string,
): Promise<void> {
  await pushManifest(push, root, reference, 0);
}

async function pushManifest(
  push: Push,
  { digest, mediaType }: Pick<Descriptor, 'digest' | 'mediaType'>,
  reference: string,
  depth: number,
): Promise<void> {
  if (depth > limits.indexDepthMax)
    throw failure(`The image nests more than ${limits.indexDepthMax} indexes.`);
  const bytes = await readBlob(push.layout, digest, limits.manifestBytesMax);
  const manifest = parseManifest(bytes, mediaType);
  await pushBlobs(push, manifest.blobs);
  for (const child of manifest.manifests) await pushManifest(push, child, child.digest, depth + 1);
  await push.client.expect({
    method: 'PUT',
    path: `/v2/${push.repository}/manifests/${reference}`,
    scope: scopeOf(push.repository),
    headers: { 'content-type': manifest.mediaType },
    data: Buffer.from(bytes),
  });
}

async function pushBlobs(push: Push, blobs: readonly Descriptor[]): Promise<void> {
  // The same blob may be listed twice, and must not be sent twice at the same time.
  const waiting = [...new Set(blobs.map((blob) => blob.digest))];
  const sizes = new Map(blobs.map(({ digest, size }) => [digest, size]));
  push.progress.expect([...sizes.values()].reduce((sum, size) => sum + size, 0));
  const work = async (): Promise<void> => {
    for (let digest = waiting.shift(); digest !== undefined; digest = waiting.shift())
      await pushBlob(push, digest);
  };
  await Promise.all(Array.from({ length: uploadsMax }, work));
}

async function pushBlob(push: Push, digest: Digest): Promise<void> {
  const { client, repository, layout } = push;
  const place = await locateBlob(layout, digest);
  const scope = scopeOf(repository);
  const exists = await client.send({ method: 'HEAD', path: `/v2/${repository}/blobs/${digest}`, scope });
  if (exists.status === 200) return passOver(push, digest, place);
  if (exists.status !== 404) throw registryError(exists);
  const upload = await beginUpload(push, digest);
  if (upload.status === 201) return passOver(push, digest, place);
  await client.expect({
    method: 'PUT',
    path: uploadPath(client.loginServer, String(upload.headers.location ?? ''), digest),
    scope,
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(place.bytes) },
    data:
      place.bytes === 0
        ? Buffer.alloc(0)
        : Readable.from(verified(push, place, digest), { objectMode: false }),
  });
  push.onBlob(digest, place.bytes, true);
}

/** The registry has the blob. */
function passOver(push: Push, digest: Digest, { bytes }: Place): void {
  push.progress.add(bytes);
  push.onBlob(digest, bytes, false);
}

/** 201: the registry had the blob elsewhere and mounted it. 202: it waits for the bytes at the answer's Location. */
async function beginUpload(
  { client, repository, mountFrom }: Push,
  digest: Digest,
): Promise<AxiosResponse<unknown>> {
  const path = `/v2/${repository}/blobs/uploads/`;
  if (mountFrom === undefined) return client.expect({ method: 'POST', path, scope: scopeOf(repository) });
  const query = new URLSearchParams({ mount: digest, from: mountFrom });
  const scope = `${scopeOf(repository)} repository:${mountFrom}:pull`;
  return client.expect({ method: 'POST', path: `${path}?${query.toString()}`, scope });
}

/** A registry may send uploads elsewhere on itself, but the bearer token goes to no other server. */
function uploadPath(loginServer: string, location: string, digest: Digest): string {
  const url = new URL(location, `https://${loginServer}`);
  if (url.host !== loginServer)
    throw failure(`${loginServer} referred the upload to ${url.host}, which was not followed.`);
  url.searchParams.set('digest', digest);
  return url.pathname + url.search;
}

/** Hashes on the way; a damaged file breaks off the upload instead of completing it. */
async function* verified({ layout, progress }: Push, place: Place, digest: Digest): AsyncGenerator<Buffer> {
  const algorithm = digestAlgorithm(digest);
  const hash = createDigester(algorithm);
  let held: Buffer | undefined;
  for await (const chunk of streamOf(place)) {
    if (held) yield held;
    held = chunk;
    hash.update(held);
    progress.add(held.length);
  }
  const actual = finishDigest(algorithm, hash);
  if (actual !== digest) throw damaged(layout, digest, actual);
  if (held) yield held;
}

export function scopeOf(repository: string): string {
  return `repository:${repository}:pull,push`;
}
