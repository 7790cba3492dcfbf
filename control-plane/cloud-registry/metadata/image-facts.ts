// What the metadata API says of an image beyond its row: its platform, which stands in the config, its config's type and
// its whole size. All of it follows from the digest, so what was read once is kept.
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { BoundedMap } from '../../../registry-node/bounded-map.ts';
import type { Content } from '../../../registry-node/content/content.ts';
import type { Digest } from '../../../registry-node/oci/digest.ts';
import { OciError } from '../../../registry-node/oci/errors.ts';
import { type Descriptor, type Manifest, parseManifest } from '../../../registry-node/oci/manifest.ts';
import { isIndex } from '../../../registry-node/oci/media-type.ts';
import type { RepositoryName } from '../../../registry-node/oci/name.ts';

export interface ImageFacts {
  /** Bytes of an image with its config and layers; of an index its own (as observed). */
  imageSize: number;
  /** Of an image whose config says so. */
  architecture?: string | undefined;
  os?: string | undefined;
  configMediaType?: string | undefined;
}

/** A child of an index. */
export interface ImageReferenceFacts {
  digest: Digest;
  architecture?: string | undefined;
  os?: string | undefined;
}

export interface ImageFactsReader {
  /** Undefined when the manifest is not there. Locks do not hide what an image is. */
  of(repository: RepositoryName, digest: Digest): Promise<ImageFacts | undefined>;
  /** The children of an index; undefined of an image. */
  references(repository: RepositoryName, digest: Digest): Promise<ImageReferenceFacts[] | undefined>;
}

const factsKeptMax = 10_000;
/** Configs of images have a few KiB; what is larger is no image's. */
const configBytesMax = 1024 * 1024;
const platformSchema = z.object({ architecture: z.string(), os: z.string() });
type Platform = z.infer<typeof platformSchema>;

export function createImageFacts(content: Content): ImageFactsReader {
  const kept = new BoundedMap<ImageFacts>({ weightMax: factsKeptMax });
  const parsed = async (repository: RepositoryName, digest: Digest): Promise<Manifest | undefined> => {
    const stored = await content.manifest(repository, { digest });
    return stored && parseManifest(stored.bytes, stored.mediaType);
  };
  return {
    of: async (repository, digest) => {
      const known = kept.get(digest);
      if (known) return known;
      const stored = await content.manifest(repository, { digest });
      if (!stored) return undefined;
      const { blobs, config } = parseManifest(stored.bytes, stored.mediaType);
      const imageSize = blobs.reduce((sum, { size }) => sum + size, stored.bytes.length);
      const configBytes = config && (await readConfig(content, repository, config));
      const platform = configBytes && platformIn(configBytes);
      const facts: ImageFacts = { imageSize, ...platform, configMediaType: config?.mediaType };
      // A config that the disk has lost may be copied or pushed again.
      if (!config || configBytes) kept.set(digest, facts);
      return facts;
    },
    references: async (repository, digest) => {
      const manifest = await parsed(repository, digest);
      if (!manifest || !isIndex(manifest.mediaType)) return undefined;
      return manifest.manifests.map((child) => ({
        digest: child.digest,
        architecture: child.platform?.architecture,
        os: child.platform?.os,
      }));
    },
  };
}

/** Undefined when it is not there, or too large for one. */
async function readConfig(
  content: Content,
  repository: RepositoryName,
  { digest }: Descriptor,
): Promise<Buffer | undefined> {
  const size = await content.blobSize(repository, digest);
  if (size === undefined || size > configBytesMax) return undefined;
  const pipe = new PassThrough();
  const sending = content.sendBlob(repository, digest, pipe).then(
    () => pipe.end(),
    (error: Error) => pipe.destroy(error),
  );
  try {
    const [bytes] = await Promise.all([buffer(pipe), sending]);
    return bytes;
  } catch (error) {
    if (error instanceof OciError && error.code === 'BLOB_UNKNOWN') return undefined;
    throw error;
  }
}

/** What a client pushed as a config may be anything. */
function platformIn(bytes: Buffer): Platform | undefined {
  try {
    return platformSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
