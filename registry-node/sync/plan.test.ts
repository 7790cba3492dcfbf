// What is done about each thing that a parent may tell, as a table: the rules that keep both sides' changes from being lost.
import { assert, describe } from '../../fixtures/describe.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag, type Tag } from '../oci/reference.ts';
import { type LocalView, planEvents, planListing, planRemovals } from './plan.ts';

const a = digestOf('a');
const b = digestOf('b');
const c = digestOf('c');
const app = parseRepositoryName('app');
const v1 = parseTag('v1');

interface Local {
  stored?: Digest[];
  tags?: Record<string, Digest>;
  pendingTags?: Record<string, Digest | undefined>;
  pendingManifests?: Digest[];
  pendingDeletions?: Digest[];
  lastPushed?: Record<string, Digest>;
  untoldTags?: Record<string, Digest | undefined>;
  awaitsEcho?: (Tag | Digest)[];
  deletedHere?: Digest[];
}
function view({
  stored = [],
  tags = {},
  pendingTags = {},
  pendingManifests = [],
  pendingDeletions = [],
  lastPushed = {},
  untoldTags = {},
  awaitsEcho = [],
  deletedHere = [],
}: Local): LocalView {
  return {
    knownTo: 0,
    has: (_, digest) => stored.includes(digest),
    tag: (_, tag) => tags[tag],
    pendingTag: (_, tag) => (tag in pendingTags ? { digest: pendingTags[tag] } : undefined),
    pendingManifest: (_, digest) => pendingManifests.includes(digest),
    pendingDeletion: (_, digest) => pendingDeletions.includes(digest),
    lastPushed: (_, tag) => lastPushed[tag],
    awaitsEcho: (_, name) => awaitsEcho.includes(name),
    deletedHere: (_, digest) => deletedHere.includes(digest),
    untoldTag: (_, tag) => (tag in untoldTags ? { digest: untoldTags[tag] } : undefined),
  };
}

function events(
  ...list: [action: WireEvent['action'], digest: Digest, tag?: string, origin?: string][]
): WireEvent[] {
  return list.map(([action, digest, tag, origin], position) => {
    const seq = position + 1;
    return { seq, repository: 'app', action, digest, mediaType: 'application/json', size: 7, tag, origin };
  });
}

const copy = (digest: Digest, tags: Tag[] = []) => ({ repository: app, digest, copy: true, tags, bytes: 7 });
const move = (digest: Digest, tags: Tag[]) => ({ ...copy(digest, tags), copy: false });
const untag = (tag: Tag) => ({ kind: 'untag' as const, repository: app, tag });
const remove = (digest: Digest) => ({ kind: 'delete' as const, repository: app, digest });

describe('a plan from events', ({ test }) => {
  const cases: [name: string, list: WireEvent[], local: Local, images: object[], removals: object[]][] = [
    ['nothing for no events', [], {}, [], []],
    ['a copy for a push', events(['push', a]), {}, [copy(a)], []],
    ['a copy, then its tag', events(['push', a], ['tag', a, 'v1']), {}, [copy(a, [v1])], []],
    ['a copy for a tag on something not stored', events(['tag', a, 'v1']), {}, [copy(a, [v1])], []],
    [
      'nothing for what is already so',
      events(['push', a], ['tag', a, 'v1']),
      { stored: [a], tags: { v1: a } },
      [],
      [],
    ],
    [
      'only the tag when the manifest is stored',
      events(['tag', a, 'v1']),
      { stored: [a], tags: { v1: b } },
      [move(a, [v1])],
      [],
    ],
    [
      'the last of several moves of a tag',
      events(['push', a], ['tag', a, 'v1'], ['push', b], ['tag', b, 'v1']),
      {},
      [copy(a), copy(b, [v1])],
      [],
    ],
    [
      'the untag of a tag that is here',
      events(['untag', a, 'v1']),
      { stored: [a], tags: { v1: a } },
      [],
      [untag(v1)],
    ],
    ['nothing for the untag of an unknown tag', events(['untag', a, 'v1']), {}, [], []],
    [
      'no tag that was taken away again',
      events(['tag', a, 'v1'], ['untag', a, 'v1']),
      { stored: [a] },
      [],
      [],
    ],
    ['a delete', events(['delete', a]), { stored: [a] }, [], [remove(a)]],
    ['no copy of what was deleted again', events(['push', a], ['tag', a, 'v1'], ['delete', a]), {}, [], []],
    [
      'the untag that a delete implies',
      events(['tag', a, 'v1'], ['delete', a]),
      { stored: [a, b], tags: { v1: b } },
      [],
      [untag(v1), remove(a)],
    ],
    ['a copy of what was deleted and pushed again', events(['delete', a], ['push', a]), {}, [copy(a)], []],
    [
      'no delete of what a pending change needs',
      events(['delete', a]),
      { stored: [a], pendingManifests: [a] },
      [],
      [],
    ],
    [
      'no untag against a pending change',
      events(['untag', a, 'v1']),
      { stored: [a], tags: { v1: a }, pendingTags: { v1: a } },
      [],
      [],
    ],
    [
      'its own echo when nothing followed it',
      events(['tag', a, 'v1', 'site1']),
      { stored: [a, b], tags: { v1: b } },
      [move(a, [v1])],
      [],
    ],
    [
      'no echo that its own later push has overtaken',
      events(['tag', a, 'v1', 'site1']),
      { stored: [a, b], tags: { v1: b }, lastPushed: { v1: b } },
      [],
      [],
    ],
    [
      'no echo of an image that was deleted here since',
      events(['push', a], ['tag', a, 'v1', 'site1']),
      { deletedHere: [a], lastPushed: { v1: a } },
      [],
      [],
    ],
    [
      'what a sibling tags, although it was deleted here since',
      events(['push', a], ['tag', a, 'v1', 'site2']),
      { deletedHere: [a] },
      [copy(a, [v1])],
      [],
    ],
    [
      'what a sibling pushed after its own push',
      events(['tag', b, 'v1', 'site1'], ['tag', c, 'v1', 'site2']),
      { stored: [b, c], tags: { v1: b }, lastPushed: { v1: b } },
      [move(c, [v1])],
      [],
    ],
  ];
  for (const [name, list, local, images, removals] of cases) {
    test(`holds ${name}`, () => {
      const plan = planEvents(list, view(local), 'site1');
      assert.deepEqual([plan.images, plan.removals, plan.conflicts], [images, removals, []]);
    });
  }

  test('lets a pending change win, names the conflict with both digests, and still stores what lost', () => {
    const plan = planEvents(
      events(['push', a], ['tag', a, 'v1']),
      view({ tags: { v1: b }, pendingTags: { v1: b } }),
      'x',
    );
    assert.deepEqual(plan.images, [copy(a)]);
    assert.deepEqual(plan.conflicts, [{ repository: app, tag: v1, ours: b, theirs: a }]);
  });

  test('sees no conflict when both sides moved the tag to the same manifest', () => {
    const plan = planEvents(
      events(['tag', a, 'v1']),
      view({ stored: [a], tags: { v1: a }, pendingTags: { v1: a } }),
      'x',
    );
    assert.deepEqual([plan.images, plan.removals, plan.conflicts], [[], [], []]);
  });

  const conflict = (ours: Digest | undefined, theirs: Digest) => ({ repository: app, tag: v1, ours, theirs });
  const moves: [name: string, list: WireEvent[], local: Local, conflicts: object[], decided: boolean][] = [
    ['none when only others move it', events(['tag', a, 'v1'], ['tag', b, 'v1', 'site2']), {}, [], true],
    [
      'one that has gone up already, after what others did',
      events(['tag', a, 'v1'], ['tag', b, 'v1', 'site1']),
      { tags: { v1: b } },
      [conflict(b, a)],
      false,
    ],
    [
      'one that has gone up in two steps, after what others did',
      events(['tag', a, 'v1'], ['tag', b, 'v1', 'site1'], ['tag', c, 'v1', 'site1']),
      { tags: { v1: c } },
      [conflict(c, a)],
      false,
    ],
    [
      'one that has gone up as a removal',
      events(['tag', a, 'v1'], ['untag', a, 'v1', 'site1']),
      {},
      [conflict(undefined, a)],
      false,
    ],
    [
      'one that has gone up and is not told back yet',
      events(['tag', a, 'v1']),
      { tags: { v1: b }, untoldTags: { v1: b } },
      [conflict(b, a)],
      false,
    ],
    [
      'none when others move it on afterwards',
      events(['tag', a, 'v1'], ['tag', b, 'v1', 'site1'], ['tag', c, 'v1']),
      { tags: { v1: b } },
      [],
      true,
    ],
    [
      'none when both moved it to the same manifest',
      events(['tag', a, 'v1'], ['tag', a, 'v1', 'site1']),
      { tags: { v1: a } },
      [],
      false,
    ],
  ];
  for (const [name, list, local, conflicts, decided] of moves) {
    test(`tells of conflicts of a tag: ${name}`, () => {
      const plan = planEvents(list, view(local), 'site1');
      assert.deepEqual(plan.conflicts, conflicts);
      assert.deepEqual(plan.decided, decided ? [{ repository: app, tag: v1 }] : []);
    });
  }
});

describe('a plan from the full listing', ({ test }) => {
  const listed = (digest: Digest, tags: Tag[] = []) => ({
    repository: app,
    digest,
    size: 7,
    tags,
  });

  test('holds what is missing and what points elsewhere', () => {
    const plan = planListing([listed(a, [v1]), listed(b), listed(c)], view({ stored: [b], tags: { v1: b } }));
    assert.deepEqual(plan.images, [copy(a, [v1]), copy(c)]);
    assert.deepEqual(plan.removals, []);
  });
  test('leaves away what was deleted here and is still to be told, unless another tag was put on it since', () => {
    const local = view({ pendingDeletions: [a, b], pendingTags: { v1: undefined } });
    const v2 = parseTag('v2');
    const plan = planListing([listed(a, [v1]), listed(b, [v2])], local);
    assert.deepEqual(plan.images, [copy(b, [v2])]);
  });
  test('removes what is stored and not listed, unless a pending change needs it', () => {
    const stored = [listed(a, [v1]), listed(b), listed(c)];
    const local = view({ stored: [a, b, c], tags: { v1: a }, pendingManifests: [c] });
    const removals = planRemovals(stored, { digests: new Set([a]), tags: new Set() }, local);
    assert.deepEqual(removals, [untag(v1), remove(b)]);
  });
  test('takes tags away before anything that they may point at by way of an index', () => {
    const local = view({ stored: [a, b], tags: { v1: b } });
    const removals = planRemovals(
      [listed(a), listed(b, [v1])],
      { digests: new Set(), tags: new Set() },
      local,
    );
    assert.deepEqual(removals, [untag(v1), remove(a), remove(b)]);
  });
  test('removes nothing when both are equal', () => {
    const local = view({ stored: [a], tags: { v1: a } });
    assert.deepEqual(
      planRemovals([listed(a, [v1])], { digests: new Set([a]), tags: new Set([v1]) }, local),
      [],
    );
  });
});
