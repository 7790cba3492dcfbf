// What a registry reads out of a manifest: which bytes it needs and what it points at. The manifest itself is
// kept as the bytes that were pushed; this is a validated copy (image-spec manifest.md and image-index.md,
// and the Docker v2.2 schemas).
import { z } from 'zod';
import { type Digest, tryParseDigest } from './digest.ts';
import { OciError } from './errors.ts';
import { limits } from './limits.ts';
import { isIndex, manifestMediaTypes, mediaTypes } from './media-type.ts';

/** Left out, or null, as programs in Go write what is empty. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();

/** "Empty or missing" is the same to the specification ("Listing Referrers"). */
const artifactType = optional(z.string()).transform((type) => type || undefined);

const descriptorSchema = z.object({
  mediaType: z.string().default('application/octet-stream'),
  digest: z.string().transform((text, context): Digest => {
    const digest = tryParseDigest(text);
    if (!digest) context.addIssue(`'${text}' is not a sha256 or sha512 digest`);
    return digest as Digest;
  }),
  size: z.int().min(0),
  urls: optional(z.array(z.string())),
  artifactType: optional(z.string()),
  annotations: optional(z.record(z.string(), z.string())),
  platform: optional(z.looseObject({ os: z.string(), architecture: z.string() })),
});
export type Descriptor = z.infer<typeof descriptorSchema>;

const descriptors = z.array(descriptorSchema).max(limits.manifestDescriptorsMax);
const listed = descriptors.nullable().transform((list) => list ?? []);
const common = {
  schemaVersion: z.literal(2),
  mediaType: optional(z.string()),
  artifactType,
  subject: optional(descriptorSchema),
  annotations: optional(z.record(z.string(), z.string())),
};
/** What is an image to one reader and an index to another says two things under one digest (CVE-2021-41190). */
const never = z.undefined({ error: 'an image is no index, and an index no image' }).optional();
const imageSchema = z.object({ ...common, config: descriptorSchema, layers: listed, manifests: never });
const indexSchema = z.object({ ...common, manifests: listed, config: never, layers: never });
const artifactSchema = z.object({
  ...common,
  schemaVersion: z.unknown().optional(),
  artifactType: z.string().min(1),
  blobs: optional(descriptors),
});

export interface Manifest {
  mediaType: string;
  /** What the referrers API shows: the manifest's own, or an image's config media type. */
  artifactType: string | undefined;
  config: Descriptor | undefined;
  /** Config and layers (or an artifact's blobs) that the registry must hold; layers fetched from elsewhere (`urls`) are not among them. */
  blobs: Descriptor[];
  /**
   * What the registry may hold as blobs and need not: layers with `urls`, which clients may push all the same, and what an
   * index lists that is no manifest, as BuildKit's caches do.
   */
  optionalBlobs: Descriptor[];
  /**
   * Digests of everything that may be a blob here and that this manifest names, whatever type an index says that it has.
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
  const inside = (typeof json.mediaType === 'string' && json.mediaType) || undefined;
  const guessed = 'manifests' in json ? mediaTypes.ociIndex : mediaTypes.ociManifest;
  refuseUnknownType(inside ?? declared);
  const mediaType = [declared, inside].find((type) => type && manifestMediaTypes.includes(type)) ?? guessed;
  if (inside !== undefined && inside !== mediaType) {
    throw invalid(`the manifest's mediaType is '${inside}' and the Content-Type is '${declared}'`);
  }
  if (mediaType === mediaTypes.ociArtifact) return readArtifact(json, mediaType);
  return isIndex(mediaType) ? readIndex(json, mediaType) : readImage(json, mediaType);
}

/** A general type (`application/json`) says nothing; another is taken at its word, and given back with the bytes. */
function refuseUnknownType(type: string | undefined): void {
  if (type === undefined || manifestMediaTypes.includes(type)) return;
  if (!type.startsWith('application/vnd.')) return;
  throw invalid(
    `the manifest is of the type '${type}', which is not stored here; push it as ${manifestMediaTypes.join(', ')}`,
  );
}

function readImage(json: object, mediaType: string): Manifest {
  const image = check(imageSchema.safeParse(json));
  const foreign = (layer: Descriptor): boolean => (layer.urls?.length ?? 0) > 0;
  return {
    mediaType,
    artifactType: image.artifactType ?? image.config.mediaType,
    config: image.config,
    blobs: [image.config, ...image.layers.filter((layer) => !foreign(layer))],
    optionalBlobs: image.layers.filter(foreign),
    kept: digestsOf([image.config, ...image.layers]),
    manifests: [],
    subject: image.subject,
    annotations: image.annotations,
  };
}

function readIndex(json: object, mediaType: string): Manifest {
  const { artifactType, manifests, subject, annotations } = check(indexSchema.safeParse(json));
  return {
    mediaType,
    artifactType,
    config: undefined,
    blobs: [],
    optionalBlobs: manifests.filter((listed) => !manifestMediaTypes.includes(listed.mediaType)),
    kept: digestsOf(manifests),
    manifests,
    subject,
    annotations,
  };
}

function readArtifact(json: object, mediaType: string): Manifest {
  const { artifactType, blobs = [], subject, annotations } = check(artifactSchema.safeParse(json));
  return {
    mediaType,
    artifactType,
    config: undefined,
    blobs,
    optionalBlobs: [],
    kept: digestsOf(blobs),
    manifests: [],
    subject,
    annotations,
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
    throw invalid('the manifest is not JSON', error);
  }
  throw invalid('the manifest is not a JSON object');
}

function check<T>(result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw invalid(`the manifest's ${issue.path.join('.')}: ${issue.message}`);
}

/** Clients put the code before it: `manifest invalid: the manifest is not JSON`. */
function invalid(reason: string, cause?: unknown): OciError {
  return new OciError('MANIFEST_INVALID', reason, undefined, { cause });
}
