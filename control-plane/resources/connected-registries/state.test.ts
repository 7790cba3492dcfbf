// The state that ARM shows, at a clock that the test moves.
import type { NodeStatus } from '../../../registry-node/gateway/protocol.ts';
import { connectedPropertiesOf as properties, reportOf } from '../../../fixtures/connected-registry.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import type { Report } from '../../store/reports.ts';
import type { ConnectedRegistryProperties } from './schema.ts';
import { connectionState, isActive } from './state.ts';

const heardAt = new Date('2026-05-04T12:00:00Z');
const later = (minutes: number): Date => new Date(heardAt.getTime() + minutes * 60_000);

const detail = (code: string) => ({
  type: 'Disk',
  code,
  description: '',
  timestamp: heardAt.toISOString(),
  correlationId: '1',
});

const report = (status?: Partial<NodeStatus>, change?: Partial<Report>): Report =>
  reportOf(heardAt, status, change);

describe('the connection state', ({ test }) => {
  const midday = { schedule: '30 11 * * *', syncWindow: 'PT1H' };
  const windowed = { schedule: '0 14 * * *', syncWindow: 'PT1H' };
  const rows: [string, string, Partial<ConnectedRegistryProperties>, Report | undefined, Date][] = [
    ['Offline', 'before the first contact', {}, undefined, later(0)],
    ['Online', 'after a contact', {}, report(), later(1)],
    ['Online', 'five minutes later', {}, report(), later(5)],
    ['Offline', 'when nothing was heard for longer', {}, report(), later(5.1)],
    ['Offline', 'after a deactivation', {}, report({}, { instance: undefined }), later(1)],
    ['Syncing', 'while a round copies', {}, report({ state: 'Syncing' }), later(1)],
    [
      'Unhealthy',
      'when the last report has trouble',
      {},
      report({ statusDetails: [detail('DiskError')] }),
      later(1),
    ],
    [
      'Unhealthy',
      'when there is trouble while a round copies',
      {},
      report({ state: 'Syncing', statusDetails: [detail('DiskError')] }),
      later(1),
    ],
    [
      'Online',
      'when details only inform',
      {},
      report({ statusDetails: [detail('DiskCapacityMetrics')] }),
      later(1),
    ],
    ['Online', 'between two windows', windowed, report(), later(119)],
    ['Syncing', 'while its window is open', midday, report({ state: 'Syncing' }), later(29)],
    ['Online', 'when its window has closed over a copy', midday, report({ state: 'Syncing' }), later(30)],
    ['Online', 'inside the window that it may come in', windowed, report(), later(180)],
    ['Offline', 'when it missed a whole window', windowed, report(), later(181)],
    [
      'Online',
      'before three occurrences passed without a window',
      { schedule: '0 * * * *' },
      report(),
      later(179),
    ],
    [
      'Offline',
      'after three occurrences passed without a window',
      { schedule: '0 * * * *' },
      report(),
      later(181),
    ],
    [
      'Online',
      'of a nested node that its parent says is active',
      { parentId: 'p' },
      report({}, { instance: undefined }),
      later(1),
    ],
    [
      'Offline',
      'of a nested node that its parent says is not',
      { parentId: 'p' },
      report({ active: false }),
      later(1),
    ],
  ];
  for (const [state, when, change, heard, now] of rows) {
    test(`is ${state} ${when}`, () => assert.equal(connectionState(properties(change), heard, now), state));
  }
});

describe('activation', ({ test }) => {
  test('lasts while the node is silent', () => assert.equal(isActive(properties(), report()), true));
  test('ends when the name is given back', () => {
    assert.equal(isActive(properties(), report({}, { instance: undefined })), false);
  });
});
