// The parent's whole listing, page by page. The parent keeps nothing between two pages: all it must remember travels in
// the position that the node sends back, so a full sync outlives restarts of either side.
import { z } from 'zod';
import type { Content } from '../content/content.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { type FullSyncPage, type ListingEntry, syncTriggers } from './protocol.ts';
import { selectionOf, tellEntry, type Wanted } from './wanted.ts';

const positionSchema = z.object({
  trigger: z.enum(syncTriggers),
  /** The feed, its head and the grants when the full sync was announced: events after that head follow the listing. */
  feedId: z.string(),
  cursor: z.int().min(0),
  cursorMark: z.string().optional(),
  grantsRevision: z.string(),
  /** The last entry that was sent; absent before the first page. */
  last: z
    .object({
      repository: z.string().transform(parseRepositoryName),
      digest: z.string().transform(parseDigest),
    })
    .optional(),
});
export type FullSyncPosition = z.infer<typeof positionSchema>;

/** In one page. */
export const listingEntriesMax = 500;
const entriesPerRead = 500;
const repositoriesPerRead = 1000;

export function formatPosition(position: FullSyncPosition): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

/** @returns undefined when it is not one of ours: then the full sync begins again */
export function parsePosition(text: string): FullSyncPosition | undefined {
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

/** The entries after `position` that are wanted; at most `entriesMax`. */
export async function readFullSyncPage(
  content: Content,
  wanted: Wanted,
  position: FullSyncPosition,
  entriesMax = listingEntriesMax,
): Promise<FullSyncPage> {
  const entries: ListingEntry[] = [];
  for await (const entry of listing(content, wanted, position.last)) {
    entries.push(entry);
    if (entries.length < entriesMax) continue;
    const last = { repository: parseRepositoryName(entry.repository), digest: parseDigest(entry.digest) };
    return { trigger: position.trigger, entries, next: formatPosition({ ...position, last }) };
  }
  return { trigger: position.trigger, entries };
}

async function* listing(
  content: Content,
  wanted: Wanted,
  after: FullSyncPosition['last'],
): AsyncIterable<ListingEntry> {
  const { grants } = wanted;
  if (after && grants.repository(after.repository, 'content/read')) {
    yield* entriesOf(content, wanted, after.repository, after.digest);
  }
  for await (const repository of repositories(content, after?.repository)) {
    if (grants.repository(repository, 'content/read'))
      yield* entriesOf(content, wanted, repository, undefined);
  }
}

async function* repositories(
  content: Content,
  after: RepositoryName | undefined,
): AsyncIterable<RepositoryName> {
  let last = after;
  for (;;) {
    const page = await content.repositories({ last, n: repositoriesPerRead });
    yield* page;
    last = page.at(-1);
    if (page.length < repositoriesPerRead) return;
  }
}

async function* entriesOf(
  content: Content,
  wanted: Wanted,
  repository: RepositoryName,
  after: Digest | undefined,
): AsyncIterable<ListingEntry> {
  let last = after;
  for (;;) {
    const page = await manifestsOf(content, repository, last);
    // Once for the page: each change would have it read anew.
    const selection = page.length > 0 ? await selectionOf(content, wanted, repository) : undefined;
    for (const { digest, mediaType, size, tags } of page) {
      const listed = { repository, digest, mediaType, size, tags };
      const entry = await tellEntry(content, wanted, selection, listed);
      if (entry) yield entry;
    }
    last = page.at(-1)?.digest;
    if (page.length < entriesPerRead) return;
  }
}

/** A repository that was deleted while it was listed has nothing; the feed tells the rest. */
async function manifestsOf(content: Content, repository: RepositoryName, last: Digest | undefined) {
  try {
    return await content.manifests(repository, { last, n: entriesPerRead });
  } catch (error) {
    if (error instanceof OciError && error.code === 'NAME_UNKNOWN') return [];
    throw error;
  }
}
