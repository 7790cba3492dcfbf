// Which answers a parent keeps back because they tell nothing: it waits with them until something happens.
import { randomUUID } from 'node:crypto';
import { assert, describe } from '../../fixtures/describe.ts';
import { nodeStatusOf } from '../../fixtures/node-status.ts';
import type { Applied, SyncRequest, SyncResponse } from './protocol.ts';
import { tellsNothing } from './round.ts';

const applied = (change: Partial<Applied> = {}): Applied => ({
  feedId: 'top',
  cursor: 7,
  grants: ['parent'],
  ...change,
});
const own = applied({ grants: ['parent', 'own'] });

const answer = (change: Partial<SyncResponse> = {}): SyncResponse => ({
  serverTime: '2026-05-04T12:00:00Z',
  feedId: 'feed',
  revision: '1',
  grantsRevision: 'own',
  events: [],
  cursor: 3,
  more: false,
  ...change,
});
const request = (known: Applied | undefined, hearsApplied = true): SyncRequest => ({
  instanceId: randomUUID(),
  waitSeconds: 50,
  hearsApplied,
  status: nodeStatusOf(new Date('2026-05-04T12:00:00Z'), { applied: known }),
  descendants: {},
});

describe('an answer that tells nothing', ({ test }) => {
  const rows: [string, SyncResponse, SyncRequest][] = [
    ['nothing has happened', answer(), request(own)],
    [
      'the child has what its parent has of the feed at the top',
      answer({ applied: applied() }),
      request(own),
    ],
    [
      'the parent is the top, where every event moves the cursor',
      answer({ applied: applied({ grants: [], cursor: 8 }) }),
      request(own),
    ],
    ['the child is too old to keep it', answer({ applied: applied() }), request(undefined, false)],
  ];
  for (const [name, response, asked] of rows) {
    test(name, () => assert.equal(tellsNothing(response, asked), true));
  }
});

describe('an answer that tells something', ({ test }) => {
  const rows: [string, SyncResponse, SyncRequest][] = [
    ['there are more events', answer({ more: true }), request(own)],
    ['the child knows nothing of the feed at the top', answer({ applied: applied() }), request(undefined)],
    ['the parent is further', answer({ applied: applied({ cursor: 8 }) }), request(own)],
    ['the feed at the top is another', answer({ applied: applied({ feedId: 'restored' }) }), request(own)],
    ['the parent may read something else', answer({ applied: applied({ grants: ['more'] }) }), request(own)],
    [
      'the child may read something else',
      answer({ applied: applied(), grantsRevision: 'more' }),
      request(own),
    ],
  ];
  for (const [name, response, asked] of rows) {
    test(name, () => assert.equal(tellsNothing(response, asked), false));
  }
});
