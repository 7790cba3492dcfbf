// What a parent says of moves that a child overruled without having heard of them, case by case, from the rows of its feed.
import { grantsOn } from '../../fixtures/configuration.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import type { Feed, FeedEvent, Origin } from '../content/feed.ts';
import { digestOf } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import { compileGrants } from '../oci/scope.ts';
import { type Overruled, overruledBy } from './overruled.ts';

const [a, b, c] = [digestOf('a'), digestOf('b'), digestOf('c')];
const ours: Origin = { connectedRegistry: 'site1' };
const sibling: Origin = { connectedRegistry: 'site2' };
const theirs: Origin = 'client';

type Row = Partial<Omit<FeedEvent, 'tag'>> & { tag?: string };
const tag = (digest: FeedEvent['digest'], origin: Origin, more: Row = {}): Row => ({
  action: 'tag',
  tag: 'v1',
  digest,
  origin,
  ...more,
});
const elsewhere = { repository: parseRepositoryName('private') };
const untag = (origin: Origin): Row => ({ ...tag(a, origin), action: 'untag' });
const remove = (digest: FeedEvent['digest'], origin: Origin): Row => ({ action: 'delete', digest, origin });

/** Read a few rows at a time, as a long feed is. */
function feedOf(rows: readonly Row[]): Pick<Feed, 'head' | 'read'> {
  const events = rows.map((row, position): FeedEvent => ({
    action: 'push',
    digest: a,
    origin: theirs,
    mediaType: 'a/b',
    size: 1,
    at: new Date(0),
    ...row,
    repository: row.repository ?? parseRepositoryName('app'),
    tag: row.tag === undefined ? undefined : parseTag(row.tag),
    seq: position + 1,
  }));
  return {
    head: () => events.length,
    async read({ after, accept = () => true }) {
      const scanned = Math.min(after + 2, events.length);
      return { events: events.slice(after, scanned).filter(accept), scanned };
    },
  };
}

describe('what a child overruled', ({ test }) => {
  const wanted = {
    grants: compileGrants(grantsOn('app')),
    filter: undefined,
    mode: 'ReadWrite' as const,
    times: false,
  };
  const told = (rows: readonly Row[], after = 0): Promise<Overruled[]> =>
    overruledBy('site1', feedOf(rows), wanted, after);
  const conflict = (change: object = {}) => ({ repository: 'app', tag: 'v1', ours: b, theirs: a, ...change });

  const cases: [name: string, rows: Row[], told: object[]][] = [
    ['is a move after another', [tag(a, theirs), tag(b, ours)], [conflict()]],
    ['is a move after that of a sibling', [tag(a, sibling), tag(b, ours)], [conflict()]],
    ['is what came before all its own moves', [tag(a, theirs), tag(c, ours), {}, tag(b, ours)], [conflict()]],
    ['is a tag taken away', [tag(a, theirs), untag(ours)], [{ repository: 'app', tag: 'v1', theirs: a }]],
    ['is nothing when nobody else moved it', [tag(a, ours), tag(b, ours)], []],
    ['is nothing when both said the same', [tag(a, theirs), tag(a, ours)], []],
    ['is nothing when others moved it on', [tag(a, theirs), tag(b, ours), tag(c, theirs)], []],
    ['is nothing when the other image was deleted', [tag(a, theirs), remove(a, theirs), tag(b, ours)], []],
    [
      'is nothing in a repository that it may not read',
      [tag(a, theirs, elsewhere), tag(b, ours, elsewhere)],
      [],
    ],
  ];
  for (const [name, rows, expected] of cases) {
    test(name, async () => assert.deepEqual(await told(rows), expected));
  }

  test('is nothing that it had applied before', async () => {
    assert.deepEqual(await told([tag(a, theirs), tag(b, ours)], 1), []);
  });

  test('is told of fifty tags at most', async () => {
    const names = Array.from({ length: 60 }, (_, number) => `v${number}`);
    const rows = names.flatMap((name) => [tag(a, theirs, { tag: name }), tag(b, ours, { tag: name })]);
    assert.equal((await told(rows)).length, 50);
  });
});
