// What may follow `manifests/`: a tag or a digest (distribution-spec, <reference>), and the same two as
// people write them behind a repository: `repository:tag`, `repository@digest`.
import { type Digest, tryParseDigest } from './digest.ts';
import { OciError } from './errors.ts';
import { parseRepositoryName, type RepositoryName } from './name.ts';

export type Tag = string & { readonly __brand: 'Tag' };
export type Reference = { tag: Tag; digest?: never } | { digest: Digest; tag?: never };

const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

export function tryParseTag(text: string): Tag | undefined {
  return tagPattern.test(text) ? (text as Tag) : undefined;
}

/** @throws OciError TAG_INVALID */
export function parseTag(text: string): Tag {
  const tag = tryParseTag(text);
  if (!tag) {
    throw new OciError('TAG_INVALID', `'${text}' is not a tag: up to 128 letters, digits, '.', '_' and '-'`);
  }
  return tag;
}

/** @throws OciError DIGEST_INVALID when it has a colon, as no tag may; else TAG_INVALID */
export function parseReference(text: string): Reference {
  const digest = tryParseDigest(text);
  if (digest) return { digest };
  if (text.includes(':')) {
    throw new OciError('DIGEST_INVALID', `'${text}' is neither a tag nor a sha256 or sha512 digest`);
  }
  return { tag: parseTag(text) };
}

export interface ImageReference {
  repository: RepositoryName;
  reference: Reference | undefined;
}

/** Parses `repository`, `repository:tag` or `repository@digest`. @throws OciError */
export function parseImageReference(text: string): ImageReference {
  const at = text.indexOf('@');
  if (at >= 0) {
    const reference = parseReference(text.slice(at + 1));
    // `repository:tag@digest`: the digest decides and the tag is a remark, as docker reads it.
    return { repository: parseRepositoryName(text.slice(0, at).split(':')[0]!), reference };
  }
  const colon = text.lastIndexOf(':');
  if (colon < 0) return { repository: parseRepositoryName(text), reference: undefined };
  return {
    repository: parseRepositoryName(text.slice(0, colon)),
    reference: { tag: parseTag(text.slice(colon + 1)) },
  };
}
