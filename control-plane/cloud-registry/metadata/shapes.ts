// The shapes of the metadata API (Azure REST API, Container Registry data plane 2021-07-01).
import type { ManifestFacts, RepositoryFacts, TagFacts } from '../../../registry-node/content/metadata.ts';
import type { ImageFacts, ImageReferenceFacts } from './image-facts.ts';

export function toRepository({ attributes, ...facts }: RepositoryFacts): object {
  return {
    ...times(facts),
    manifestCount: facts.manifestCount,
    tagCount: facts.tagCount,
    changeableAttributes: attributes,
  };
}

export function toTag({ name, digest, attributes, ...facts }: TagFacts): object {
  return { name, digest, ...times(facts), signed: false, changeableAttributes: attributes };
}

export function toManifest(
  { digest, size, mediaType, tags, attributes, ...facts }: ManifestFacts,
  image: ImageFacts | undefined,
  references?: readonly ImageReferenceFacts[],
): object {
  return {
    digest,
    imageSize: image?.imageSize ?? size,
    ...times(facts),
    architecture: image?.architecture,
    os: image?.os,
    mediaType,
    configMediaType: image?.configMediaType,
    tags: tags.length === 0 ? undefined : tags,
    changeableAttributes: attributes,
    references,
  };
}

interface Times {
  createdAt: Date;
  updatedAt: Date;
}

function times({ createdAt, updatedAt }: Times): object {
  return { createdTime: wireTime(createdAt), lastUpdateTime: wireTime(updatedAt) };
}

/** Seven digits of a second, which some clients parse by position. */
function wireTime(instant: Date): string {
  return instant.toISOString().replace('Z', '0000Z');
}
