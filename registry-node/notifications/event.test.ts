// Rows of the feed, and what people are told of them.
import { assert, describe } from '../../fixtures/describe.ts';
import type { FeedEvent } from '../content/feed.ts';
import { changesIn, eventsOf } from './event.ts';

let seq = 0;
function row(action: FeedEvent['action'], change: Partial<Record<keyof FeedEvent, unknown>> = {}): FeedEvent {
  seq += 1;
  return {
    seq,
    repository: 'app',
    action,
    digest: 'sha256:1',
    tag: undefined,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 500,
    origin: 'client',
    at: new Date(1000),
    ...change,
  } as FeedEvent;
}
const told = (...rows: FeedEvent[]): string[] =>
  changesIn(rows)
    .flatMap(eventsOf)
    .map(({ action, digest, tag, tags }) =>
      [action, digest.slice(7), tag ?? tags?.join('+') ?? ''].join(' ').trim(),
    );

describe('what people are told of', ({ test }) => {
  const rows: [string, FeedEvent[], string[]][] = [
    ['a push by tag is one push', [row('push'), row('tag', { tag: 'v1' })], ['push 1 v1']],
    ['a push by digest is one without a tag', [row('push')], ['push 1']],
    [
      'a push with two tags is two',
      [row('push'), row('tag', { tag: 'v1' }), row('tag', { tag: 'v2' })],
      ['push 1 v1', 'push 1 v2'],
    ],
    ['a new tag on an old manifest is a push', [row('tag', { tag: 'v2' })], ['push 1 v2']],
    ['a tag that is taken off is nothing', [row('untag', { tag: 'v1' })], []],
    [
      'a deletion is one, whatever tags went with it',
      [row('untag', { tag: 'v1' }), row('untag', { tag: 'v2' }), row('delete')],
      ['delete 1 v1+v2'],
    ],
    [
      'two manifests are two',
      [row('push'), row('push', { digest: 'sha256:2' }), row('tag', { digest: 'sha256:2', tag: 'v1' })],
      ['push 1', 'push 2 v1'],
    ],
    [
      'a push and a deletion in one millisecond are both told',
      [row('push'), row('tag', { tag: 'v1' }), row('untag', { tag: 'v1' }), row('delete')],
      ['push 1 v1', 'delete 1 v1'],
    ],
    [
      'what comes later is another change',
      [row('push'), row('tag', { tag: 'v1', at: new Date(2000) })],
      ['push 1', 'push 1 v1'],
    ],
  ];
  for (const [name, feed, expected] of rows) test(name, () => assert.deepEqual(told(...feed), expected));
});
