// What a registry holds, in numbers: of a node, or of each cloud registry under its name.
import type { Content } from '../content/content.ts';
import { gauge, type Metric, type Sample } from './metric.ts';

/** @param registries with the labels that tell them apart; none for the only one */
export async function contentMetrics(
  registries: readonly (readonly [labels: Readonly<Record<string, string>>, content: Content])[],
): Promise<Metric[]> {
  const all = await Promise.all(
    registries.map(async ([labels, content]) => ({
      labels,
      ...(await content.totals()),
      feedHead: content.feed.head(),
      feedTrimmedTo: content.feed.trimmedTo(),
    })),
  );
  type Row = (typeof all)[number];
  const each = (valueOf: (row: Row) => number): Sample[] =>
    all.map((row) => ({ labels: row.labels, value: valueOf(row) }));
  return [
    gauge(
      'acrc_stored_repositories',
      'Repositories that hold a manifest.',
      ...each(({ repositories }) => repositories),
    ),
    gauge('acrc_stored_blobs', 'Blobs, each once.', ...each(({ blobs }) => blobs)),
    gauge('acrc_stored_bytes', 'Bytes of all blobs, each once.', ...each(({ blobBytes }) => blobBytes)),
    gauge('acrc_open_uploads', 'Uploads that have begun and not ended.', ...each(({ uploads }) => uploads)),
    gauge(
      'acrc_feed_head',
      'Number of the newest row of the change feed.',
      ...each(({ feedHead }) => feedHead),
    ),
    gauge(
      'acrc_feed_trimmed_to',
      'Number of the newest row that was trimmed.',
      ...each(({ feedTrimmedTo }) => feedTrimmedTo),
    ),
  ];
}
