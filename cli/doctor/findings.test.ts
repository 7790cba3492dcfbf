// What counts as well, as a warning and as a problem.
import { assert, describe } from '../../fixtures/describe.ts';
import type { ConnectedRegistry } from '../client/resources.ts';
import { certificateFinding, clockFinding } from './control-plane.ts';
import type { Finding } from './finding.ts';
import { spaceFinding, syncFinding } from './machine.ts';
import { connectedFinding, tokenFindings } from './registries.ts';

const now = new Date('2026-05-04T12:00:00Z');
const days = (count: number): Date => new Date(now.getTime() + count * 24 * 60 * 60 * 1000);
const gibibyte = 1024 ** 3;
const resource = { id: 'id', type: 'type' };
const token = (expiry?: Date) => ({
  ...resource,
  name: 'reader',
  properties: {
    scopeMapId: 'map',
    status: 'enabled' as const,
    credentials: {
      passwords: [{ name: 'password1' as const, ...(expiry && { expiry: expiry.toISOString() }) }],
    },
  },
});
const connected = (change: Partial<ConnectedRegistry['properties']>): ConnectedRegistry => ({
  ...resource,
  name: 'site1',
  properties: {
    mode: 'ReadOnly',
    parent: { syncProperties: { tokenId: 'sync' } },
    activation: { status: 'Active' },
    connectionState: 'Online',
    ...change,
  },
});
const troubles = [{ code: 'Code', description: 'It says what to do.', since: '2026-05-04' }];
const clock = (at: string): Finding => clockFinding(at, now);
const ending = (expiry?: Date): Finding | undefined => [...tokenFindings('r', token(expiry), now)][0];

describe('a finding', ({ test }) => {
  const rows: [string, Finding | undefined, Finding['state'] | undefined][] = [
    ['a clock that agrees', clock('Mon, 04 May 2026 12:00:05 GMT'), 'ok'],
    ['a clock that is six seconds off', clock('Mon, 04 May 2026 11:59:54 GMT'), 'warning'],
    ['a clock that is six minutes off', clock('Mon, 04 May 2026 12:06:00 GMT'), 'problem'],
    ['an answer without a date', clock(''), 'ok'],
    ['a certificate for 30 days', certificateFinding(days(30), now), 'ok'],
    ['a certificate for 29 days', certificateFinding(days(29), now), 'warning'],
    ['a certificate that expired', certificateFinding(days(-1), now), 'problem'],
    ['a disk with a gibibyte', spaceFinding('site1', '/data', gibibyte), 'ok'],
    ['a disk with less', spaceFinding('site1', '/data', gibibyte - 1), 'warning'],
    ['a disk with almost nothing', spaceFinding('site1', '/data', 1000), 'problem'],
    ['a password without an end', ending(), undefined],
    ['a password for a fortnight', ending(days(14)), undefined],
    ['a password for less', ending(days(13)), 'warning'],
    ['a password that expired', ending(days(-1)), 'problem'],
    ['a node that is Online', syncFinding('site1', { state: 'Online', opens: null, troubles: [] }), 'ok'],
    [
      'a node that waits',
      syncFinding('site1', { state: 'Waiting', opens: '2026-05-05', troubles: [] }),
      'ok',
    ],
    ['a node that is cut off', syncFinding('site1', { state: 'Offline', opens: null, troubles }), 'problem'],
    ['a node without space', syncFinding('site1', { state: 'Unhealthy', opens: null, troubles }), 'problem'],
    ['a node that tells a conflict', syncFinding('site1', { state: 'Online', opens: null, troubles }), 'ok'],
    ['a site that is Online', connectedFinding('r', connected({})), 'ok'],
    ['a site that is Syncing', connectedFinding('r', connected({ connectionState: 'Syncing' })), 'ok'],
    ['a site that is Offline', connectedFinding('r', connected({ connectionState: 'Offline' })), 'problem'],
    [
      'a site that is Unhealthy',
      connectedFinding('r', connected({ connectionState: 'Unhealthy' })),
      'problem',
    ],
    [
      'a site without a node',
      connectedFinding('r', connected({ activation: { status: 'Inactive' } })),
      'warning',
    ],
  ];
  for (const [name, finding, state] of rows) {
    test(`${name} is ${state ?? 'not worth a line'}`, () => {
      assert.equal(finding?.state, state);
      assert.equal(
        finding?.remedy === undefined,
        state === 'ok' || state === undefined,
        'what is not well has a remedy',
      );
    });
  }

  test('tells a trouble, also where it only informs', () => {
    const statusDetails = [{ code: 'TagConflict', description: 'app:v1 was changed on both sides.' }];
    for (const { detail } of [
      connectedFinding('r', connected({ statusDetails })),
      syncFinding('site1', { state: 'Online', opens: null, troubles: [{ ...statusDetails[0]!, since: '' }] }),
    ])
      assert.equal(detail, 'It is Online. TagConflict: app:v1 was changed on both sides.');
  });
});
