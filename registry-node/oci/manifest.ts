// What a registry reads out of a manifest: which bytes it needs and what it points at. The manifest itself is
// kept as the bytes that were pushed; this is a validated copy (image-spec manifest.md and image-index.md,
// and the Docker v2.2 schemas).
import { z } from 'zod';
import { type Digest, tryParseDigest } from './digest.ts';
import { OciError } from './errors.ts';
import { limits } from './limits.ts';
import { isIndex, manifestMediaTypes, mediaTypes } from './media-type.ts';

const descriptorSchema = z.object({
  mediaType: z.string().default('application/octet-stream'),
  digest: z.string().transform((text, context): Digest => {
    const digest = tryParseDigest(text);
    if (!digest) context.addIssue(`'${text}' is not a sha256 or sha512 digest`);
    return digest as Digest;
  }),
  size: z.int().min(0),
  urls: z.array(z.string()).optional(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  platform: z.looseObject({ os: z.string(), architecture: z.string() }).optional(),
});
export type Descriptor = z.infer<typeof descriptorSchema>;

const descriptors = z.array(descriptorSchema).max(limits.manifestDescriptorsMax);
const common = {
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  subject: descriptorSchema.nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
};
const imageSchema = z.object({ ...common, config: descriptorSchema, layers: descriptors });
const indexSchema = z.object({ ...common, manifests: descriptors.nullable() });

export interface Manifest {
  mediaType: string;
  /** What the referrers API shows: the manifest's own, or an image's config media type. */
  artifactType: string | undefined;
  config: Descriptor | undefined;
  /** Config and layers that the registry must hold; layers fetched from elsewhere (`urls`) are not among them. */
  blobs: Descriptor[];
  /**
   * Digests of everything that may be a blob here and that this manifest names: besides `blobs` the layers with `urls`, which
   * clients may push all the same, and what an index lists, because BuildKit's caches list blobs there.
   */
  kept: Digest[];
  /** Children of an index. */
  manifests: Descriptor[];
  subject: Descriptor | undefined;
  annotations: Record<string, string> | undefined;
}

/**
 * Reads a manifest pushed with `contentType` (parameters such as charset are ignored).
 * @throws OciError MANIFEST_INVALID naming the first thing that is wrong
 */
export function parseManifest(bytes: Uint8Array, contentType: string | undefined): Manifest {
  const json = parseJson(bytes);
  const declared = contentType?.split(';')[0]!.trim().toLowerCase();
  const inside = typeof json.mediaType === 'string' ? json.mediaType : undefined;
  if (declared && inside && manifestMediaTypes.includes(declared) && inside !== declared) {
    throw invalid(`its mediaType is '${inside}' and the Content-Type is '${declared}'`);
  }
  const guessed = 'manifests' in json ? mediaTypes.ociIndex : mediaTypes.ociManifest;
  const mediaType = [declared, inside].find((type) => type && manifestMediaTypes.includes(type)) ?? guessed;
  return isIndex(mediaType) ? readIndex(json, mediaType) : readImage(json, mediaType);
}

function readImage(json: object, mediaType: string): Manifest {
  const image = check(imageSchema.safeParse(json));
  const foreign = (layer: Descriptor): boolean => (layer.urls?.length ?? 0) > 0;
  return {
    mediaType,
    artifactType: image.artifactType ?? image.config.mediaType,
    config: image.config,
    blobs: [image.config, ...image.layers.filter((layer) => !foreign(layer))],
    kept: digestsOf([image.config, ...image.layers]),
    manifests: [],
    subject: image.subject ?? undefined,
    annotations: image.annotations ?? undefined,
  };
}

function readIndex(json: object, mediaType: string): Manifest {
  const index = check(indexSchema.safeParse(json));
  return {
    mediaType,
    artifactType: index.artifactType,
    config: undefined,
    blobs: [],
    kept: digestsOf(index.manifests ?? []),
    manifests: index.manifests ?? [],
    subject: index.subject ?? undefined,
    annotations: index.annotations ?? undefined,
  };
}

function digestsOf(descriptors: readonly Descriptor[]): Digest[] {
  return [...new Set(descriptors.map(({ digest }) => digest))];
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof json === 'object' && json !== null && !Array.isArray(json))
      return json as Record<string, unknown>;
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
  throw invalid('it is not a JSON object');
}

function check<T>(result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw invalid(`${issue.path.join('.') || 'manifest'}: ${issue.message}`);
}

function invalid(reason: string, cause?: unknown): OciError {
  return new OciError('MANIFEST_INVALID', `manifest invalid: ${reason}`, undefined, { cause });
}
