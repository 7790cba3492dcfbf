// What the metadata API of a login server shows of repositories, tags and manifests, and the switches it sets on them.
// Lists leave out what an operator hid; what is asked for by name is shown all the same.
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import type { Attributes } from './attributes.ts';
import type { ManifestEntry } from './content.ts';

export interface RepositoryFacts {
  createdAt: Date;
  /** Of the last push, or the last move of a tag. */
  updatedAt: Date;
  manifestCount: number;
  tagCount: number;
  attributes: Attributes;
}

export interface TagFacts {
  name: Tag;
  digest: Digest;
  createdAt: Date;
  updatedAt: Date;
  attributes: Attributes;
}

export interface ManifestFacts extends ManifestEntry {
  /** Of the manifest, or the last move of a tag on it. */
  updatedAt: Date;
  attributes: Attributes;
}

/** `name`: in byte order of names or digests. The others by the time of the last change. */
export type MetadataOrder = 'name' | 'timeasc' | 'timedesc';

export interface MetadataPage<Key extends string> {
  order: MetadataOrder;
  /** Exclusive. */
  last: Key | undefined;
  /**
   * In an order by time: when `last` had changed as it was listed, so that its place stays when it is moved or goes. Absent: its
   * place is where it is now, and nothing follows what is gone.
   */
  lastUpdatedAt?: Date | undefined;
  n: number;
}

/** A repository, or a tag or a manifest in it. */
export interface AttributeTarget {
  repository: RepositoryName;
  tag?: Tag;
  digest?: Digest;
}

export interface Metadata {
  repository(repository: RepositoryName): Promise<RepositoryFacts | undefined>;
  tags(
    repository: RepositoryName,
    page: MetadataPage<Tag> & { digest?: Digest | undefined },
  ): Promise<TagFacts[]>;
  tag(repository: RepositoryName, tag: Tag): Promise<TagFacts | undefined>;
  manifests(repository: RepositoryName, page: MetadataPage<Digest>): Promise<ManifestFacts[]>;
  manifest(repository: RepositoryName, digest: Digest): Promise<ManifestFacts | undefined>;
  /** Sets the switches that `changes` names; durable when it resolves. False when there is no such thing. */
  setAttributes(target: AttributeTarget, changes: Partial<Attributes>): Promise<boolean>;
}
