// What `registrySyncResult` says of a full sync, at a clock that the test moves.
import type { NodeStatus } from '../../../registry-node/gateway/protocol.ts';
import { connectedPropertiesOf, reportOf } from '../../../fixtures/connected-registry.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import type { Report } from '../../store/reports.ts';
import type { ConnectedRegistryProperties } from './schema.ts';
import { toSyncResult } from './sync-result.ts';

const at = (time: string): Date => new Date(`2026-05-04T${time}:00Z`);
const iso = (time: string): string => at(time).toISOString();

const recovery = { trigger: 'RecoveryService', at: iso('12:00') } as const;
const report = (status: Partial<NodeStatus>, change: Partial<Report> = {}): Report =>
  reportOf(at('12:10'), status, { fullSync: recovery, ...change });
const trouble = {
  type: 'Disk',
  code: 'DiskError',
  description: '',
  timestamp: iso('12:07'),
  correlationId: '1',
};

interface Row {
  when: string;
  schedule?: Partial<ConnectedRegistryProperties>;
  report: Report | undefined;
  /** Absent: 12:15. */
  now?: Date;
  /** State, trigger, start, end, end of the last that succeeded. */
  says: [string, string, string | undefined, string | undefined, string | undefined];
}

const window = { schedule: '30 11 * * *', syncWindow: 'PT1H' };
const rows: Row[] = [
  {
    when: 'nothing was ever heard',
    report: undefined,
    says: ['NotActivated', 'InitialSync', undefined, undefined, undefined],
  },
  {
    when: 'the node is activated and has asked for nothing',
    report: report({}, { fullSync: undefined }),
    says: ['Pending', 'InitialSync', undefined, undefined, undefined],
  },
  {
    when: 'one is wanted that the node has not begun',
    report: report({ lastSyncTime: iso('11:59') }, { pendingFullSync: 'ManualResync' }),
    says: ['Pending', 'ManualResync', undefined, '11:59', '11:59'],
  },
  {
    when: 'one is wanted of a node that is silent since',
    report: report({ lastSyncTime: iso('11:59') }, { pendingFullSync: 'ManualResync' }),
    now: at('23:00'),
    says: ['Pending', 'ManualResync', undefined, '11:59', '11:59'],
  },
  {
    when: 'the node is at it',
    report: report({ state: 'Syncing', lastSyncTime: iso('11:59') }),
    says: ['Syncing', 'RecoveryService', '12:00', '11:59', '11:59'],
  },
  {
    when: 'it is done',
    report: report({ lastSyncTime: iso('12:05') }),
    now: at('23:00'),
    says: ['Succeeded', 'RecoveryService', '12:00', '12:05', '12:05'],
  },
  {
    when: 'something is wrong since',
    report: report({ lastSyncTime: iso('11:59'), statusDetails: [trouble] }),
    says: ['Failed', 'RecoveryService', '12:00', '12:07', '11:59'],
  },
  {
    when: 'its window is still open',
    schedule: window,
    report: report({ state: 'Syncing' }),
    now: at('12:29'),
    says: ['Syncing', 'RecoveryService', '12:00', undefined, undefined],
  },
  {
    when: 'its window closed before it was done',
    schedule: window,
    report: report({ state: 'Syncing', lastSyncTime: iso('11:59') }),
    now: at('12:30'),
    says: ['TimedOut', 'RecoveryService', '12:00', '12:30', '11:59'],
  },
  {
    when: 'windows that overlap go on',
    schedule: { schedule: '30 * * * *', syncWindow: 'PT90M' },
    report: report({ state: 'Syncing' }),
    now: at('12:31'),
    says: ['Syncing', 'RecoveryService', '12:00', undefined, undefined],
  },
  {
    when: 'the node fell silent over it',
    report: report({ state: 'Syncing' }),
    now: at('12:20'),
    says: ['TimedOut', 'RecoveryService', '12:00', '12:10', undefined],
  },
];

describe('registrySyncResult', ({ test }) => {
  for (const { when, schedule = {}, report: heard, now = at('12:15'), says } of rows) {
    test(`is ${says[0]} when ${when}`, () => {
      const time = (text: unknown): string | undefined =>
        typeof text === 'string' ? new Date(text).toISOString().slice(11, 16) : undefined;
      const result: Record<string, unknown> = {
        ...toSyncResult(connectedPropertiesOf(schedule), heard, now),
      };
      assert.deepEqual(
        [
          result.syncState,
          result.syncTrigger,
          time(result.lastSyncStartTime),
          time(result.lastSyncEndTime),
          time(result.lastSuccessfulSyncEndTime),
        ],
        says,
      );
    });
  }
});
