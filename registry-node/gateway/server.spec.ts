// What a parent answers in a round, over HTTP and with real content: who gets which events, when events are not enough and a
// full sync is announced, and when a round waits.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { randomUUID } from 'node:crypto';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { configurationOf, grantsOn, tokenOf } from '../../fixtures/configuration.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { nodeStatusOf } from '../../fixtures/node-status.ts';
import type { Gate } from '../auth/gate.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import { openContent } from '../content/open.ts';
import { createServer } from '../http/server.ts';
import { OciError } from '../oci/errors.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import { compileGrants } from '../oci/scope.ts';
import type { ChildReport, Children } from './children.ts';
import { listingEntriesMax } from './full-sync.ts';
import {
  type Notification,
  notificationsMax,
  type SyncRequest,
  type SyncResponse,
  type SyncTrigger,
} from './protocol.ts';
import { eventsMax } from './round.ts';
import { gatewayRoutes } from './server.ts';

const instanceId = '6f1c7b0e-6a60-4a49-9df7-f5a2a1f4a2ab';
const hour = 3_600_000;

describe('the gateway', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  let app: FastifyInstance;
  let grants: string[];
  let admitted: boolean;
  let pending: SyncTrigger | undefined;
  let started: number;
  let configuration = configurationOf('site1');
  let listeners: Set<() => void>;
  let aheadMs: number;
  let notified: Notification[];
  let reports: ChildReport[];
  const clock: Clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + aheadMs) };

  const gate: Gate = {
    async admit() {
      if (!admitted) throw new OciError('UNAUTHORIZED');
      const principal = { name: 'site1', grants: compileGrants(grants), connectedRegistry: 'site1' };
      return { principal, may: () => true };
    },
  };
  const children: Children = {
    activate: async () => undefined,
    report: async (_name, _instance, report) => void reports.push(report),
    requireHolder: async () => undefined,
    deactivate: async () => undefined,
    configuration: async () => ({ configuration, revision: configuration.logLevel }),
    pendingFullSync: async () => pending,
    async fullSyncStarted() {
      started++;
      pending = undefined;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-gateway-'));
    [grants, admitted, pending, started, listeners, aheadMs] = [
      grantsOn('app'),
      true,
      undefined,
      0,
      new Set(),
      0,
    ];
    configuration = configurationOf('site1');
    content = await openContent({ folder, clock: systemClock });
    app = createServer({ logger: pino({ level: 'silent' }) });
    [notified, reports] = [[], []];
    gatewayRoutes(app, {
      children,
      content,
      gate,
      clock,
      notified: async (news) => void notified.push(...news),
    });
    await app.ready();
  });
  afterEach(async () => {
    await app.close();
    await content.close();
    await rm(folder, { recursive: true });
  });

  const status = nodeStatusOf(new Date('2026-01-01T00:00:00Z'));
  const post = (call: string, payload: object) =>
    app.inject({ method: 'POST', url: `/acr/connected-registries/site1/${call}`, payload });
  const round = async (change: Partial<SyncRequest>): Promise<SyncResponse> => {
    const answer = await post('sync', { instanceId, waitSeconds: 0, status, descendants: {}, ...change });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  /** Where a child stands that has everything so far. */
  const standing = async (): Promise<Partial<SyncRequest>> => {
    const { cursor, cursorMark, feedId, grantsRevision, revision } = await round({});
    return { cursor, cursorMark, feedId, grantsRevision, revision };
  };
  const push = (repository: string, seed: string, tags = ['v1']) =>
    storeImage(content, repository, buildImage(seed, [10]), tags);

  test('takes what a child tells of itself and of who is below it, and of nobody else', async () => {
    configuration = configurationOf('site1', {
      children: [{ syncToken: tokenOf('line1', 'x', []), configuration: configurationOf('line1') }],
    });
    const notification = (connectedRegistry: string): Notification => ({
      id: randomUUID(),
      connectedRegistry,
      loginServer: 'localhost:8080',
      action: 'push',
      at: '2026-01-01T00:00:00Z',
      repository: 'app',
      digest: 'sha256:1',
      mediaType: 'm',
      size: 1,
    });
    const notifications = ['site1', 'other', 'line1'].map(notification);
    assert.equal((await post('notify', { instanceId, notifications })).statusCode, 204);
    assert.deepEqual(notified, [notifications[0], notifications[2]]);
    const tooMany = Array.from({ length: notificationsMax + 1 }, () => notification('site1'));
    assert.equal((await post('notify', { instanceId, notifications: tooMany })).statusCode, 400);
    await round({ descendants: { line1: status, other: status } });
    assert.deepEqual(Object.keys(reports.at(-1)!.descendants), ['line1']);
    admitted = false;
    assert.equal((await post('notify', { instanceId, notifications })).statusCode, 401);
    assert.equal(notified.length, 2);
  });

  test('announces a full sync to a child without a cursor, and gives no page before it is asked for', async () => {
    await push('app', 'one');
    const { fullSync, events, configuration } = await round({});
    assert.deepEqual([fullSync?.trigger, fullSync?.entries, events], ['InitialSync', [], []]);
    assert.equal(configuration?.name, 'site1');
  });

  test('lists what the child may read in pages, in order, each once', async () => {
    const digests: string[] = [];
    for (let image = 0; image < 3; image++) digests.push(await push('app', `app ${image}`, [`v${image}`]));
    await push('other', 'not granted');
    let { fullSync, cursor } = await round({});
    const head = content.feed.head();
    const listed: string[] = [];
    while (fullSync?.next) {
      ({ fullSync, cursor } = await round({ fullSyncAfter: fullSync.next }));
      listed.push(
        ...(fullSync?.entries ?? []).map(
          ({ repository, digest, tags }) => `${repository} ${digest} ${tags.join(' ')}`,
        ),
      );
    }
    assert.deepEqual(listed.length, 3);
    assert.deepEqual(listed, listed.toSorted());
    assert.ok(digests.every((digest) => listed.some((line) => line.includes(digest))));
    assert.equal(cursor, head, 'events after the announcement follow the listing');
  });

  test('pages a listing that is larger than a page', async () => {
    for (let image = 0; image <= listingEntriesMax; image++) {
      const manifest = Buffer.from(
        JSON.stringify({ schemaVersion: 2, manifests: [], annotations: { image: `${image}` } }),
      );
      const put = {
        repository: parseRepositoryName('app'),
        bytes: manifest,
        mediaType: 'application/vnd.oci.image.index.v1+json',
      };
      await content.putManifest(put, { origin: 'client' });
    }
    const { fullSync: announced } = await round({});
    const { fullSync: first } = await round({ fullSyncAfter: announced!.next! });
    const { fullSync: second } = await round({ fullSyncAfter: first!.next! });
    assert.deepEqual([first!.entries.length, second!.entries.length], [listingEntriesMax, 1]);
    assert.equal(second!.next, undefined);
  });

  test('tells events after the cursor, of what the child may read, and moves past the others', async () => {
    const here = await standing();
    await push('other', 'not granted');
    const digest = await push('app', 'one');
    const answer = await round(here);
    assert.deepEqual(
      answer.events.map(({ action, digest, tag }) => [action, digest, tag]),
      [
        ['push', digest, undefined],
        ['tag', digest, 'v1'],
      ],
    );
    await push('other', 'not granted either');
    const next = await round({ ...here, cursor: answer.cursor });
    assert.deepEqual([next.events, next.cursor], [[], content.feed.head()]);
  });

  test('names the child that pushed something up', async () => {
    const here = await standing();
    await storeImage(content, 'app', buildImage('up'), ['v1'], { origin: { connectedRegistry: 'site1' } });
    const { events } = await round(here);
    assert.deepEqual(
      events.map(({ origin }) => origin),
      ['site1', 'site1'],
    );
  });

  test('gives at most a page of events and says that there are more', async () => {
    const here = await standing();
    const digest = await push('app', 'one', []);
    const repository = parseRepositoryName('app');
    const flip = parseTag('flip');
    for (let turn = 0; turn < eventsMax / 2; turn++) {
      await content.tag(repository, flip, digest, { origin: 'client' });
      await content.untag(repository, flip, { origin: 'client' });
    }
    const first = await round(here);
    assert.deepEqual([first.events.length, first.more], [eventsMax, true]);
    const second = await round({ ...here, cursor: first.cursor });
    assert.deepEqual([second.events.length, second.more], [1, false]);
  });

  test('is one small answer when nothing happened, whatever there is', async () => {
    for (let image = 0; image < 20; image++) await push('app', `app ${image}`, [`v${image}`]);
    const here = await standing();
    const answer = await post('sync', { instanceId, waitSeconds: 0, status, descendants: {}, ...here });
    assert.ok(answer.body.length < 400, answer.body);
  });

  const fullSyncs: [
    why: string,
    change: (here: Partial<SyncRequest>) => Partial<SyncRequest>,
    trigger: SyncTrigger,
  ][] = [
    ['its cursor is of another feed', (here) => ({ ...here, feedId: 'another' }), 'RecoveryService'],
    ['its cursor is another event by now', (here) => ({ ...here, cursorMark: 'x' }), 'RecoveryService'],
    ['its cursor is beyond the head', (here) => ({ ...here, cursor: 999 }), 'RecoveryService'],
    [
      'its cursor was read with other grants',
      (here) => ({ ...here, grantsRevision: 'other' }),
      'SyncTokenUpdate',
    ],
    [
      'its position is not one of ours',
      (here) => ({ ...here, cursor: undefined, fullSyncAfter: 'x' }),
      'InitialSync',
    ],
  ];
  for (const [why, change, trigger] of fullSyncs) {
    test(`announces a full sync when ${why}`, async () => {
      await push('app', 'one');
      assert.equal((await round(change(await standing()))).fullSync?.trigger, trigger);
    });
  }

  test('announces a full sync when the sync token may read more, or less', async () => {
    const here = await standing();
    for (const changed of [grantsOn('app', 'tools/*'), grantsOn('other')]) {
      grants = changed;
      assert.equal((await round(here)).fullSync?.trigger, 'SyncTokenUpdate');
    }
    grants = grantsOn('app').toReversed();
    assert.equal((await round(here)).fullSync, undefined);
  });

  test('announces a full sync when the next message has outlived its time, and not for those it may not see', async () => {
    configuration = configurationOf('site1', { messageTtl: 'P1D' });
    const here = await standing();
    await push('other', 'not granted');
    aheadMs = 25 * hour;
    assert.equal((await round(here)).fullSync, undefined);
    await push('app', 'one');
    aheadMs = 23 * hour;
    assert.equal((await round(here)).events.length, 2);
    aheadMs = 25 * hour;
    assert.equal((await round(here)).fullSync?.trigger, 'RecoveryService');
  });

  test('announces a full sync when the feed was trimmed past the cursor', async () => {
    await push('app', 'one');
    const here = await standing();
    await push('app', 'two');
    await content.feed.trim(new Date(systemClock.now().getTime() + hour));
    assert.equal((await round(here)).fullSync?.trigger, 'RecoveryService');
  });

  test('announces a full sync that was demanded until the child has begun it', async () => {
    const here = await standing();
    pending = 'ManualResync';
    assert.equal((await round(here)).fullSync?.trigger, 'ManualResync');
    const { fullSync } = await round(here);
    assert.deepEqual(
      [fullSync?.trigger, started],
      ['ManualResync', 0],
      'the first answer may have been lost',
    );
    await round({ ...here, fullSyncAfter: fullSync!.next! });
    assert.equal(started, 1);
    assert.equal((await round(here)).fullSync, undefined);
  });

  test('takes a report alone without telling events', async () => {
    const here = await standing();
    await push('app', 'one');
    const answer = await round({ ...here, reportOnly: true, waitSeconds: 0 });
    assert.deepEqual([answer.events, answer.cursor], [[], here.cursor]);
  });

  test('lets a report wait for another configuration, and not for events', async () => {
    const here = await standing();
    let answered = false;
    const waiting = round({ ...here, reportOnly: true, waitSeconds: 20 }).finally(() => (answered = true));
    await waitFor('the report to wait', () => listeners.size > 0);
    await push('app', 'one');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(answered, false);
    configuration = configurationOf('site1', { logLevel: 'Debug' });
    for (const listener of listeners) listener();
    const answer = await waiting;
    assert.deepEqual(
      [answer.configuration?.logLevel, answer.events, answer.cursor],
      ['Debug', [], here.cursor],
    );
  });

  test('lets a round wait until something happens that the child may see', async () => {
    const here = await standing();
    let answered = false;
    const waiting = round({ ...here, waitSeconds: 20 }).finally(() => (answered = true));
    await waitFor('the round to wait', () => listeners.size > 0);
    await push('other', 'not granted');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(answered, false);
    const digest = await push('app', 'one');
    assert.equal((await waiting).events[0]?.digest, digest);
    assert.equal(listeners.size, 0, 'nothing is left behind');
  });

  test('ends a waiting round when the configuration changes', async () => {
    const here = await standing();
    const waiting = round({ ...here, waitSeconds: 20 });
    await waitFor('the round to wait', () => listeners.size > 0);
    configuration = configurationOf('site1', { logLevel: 'Debug' });
    for (const listener of listeners) listener();
    assert.equal((await waiting).configuration?.logLevel, 'Debug');
  });

  test('refuses a waiting round whose token was taken away', async () => {
    const here = await standing();
    const waiting = post('sync', { instanceId, waitSeconds: 20, status, descendants: {}, ...here });
    await waitFor('the round to wait', () => listeners.size > 0);
    admitted = false;
    for (const listener of listeners) listener();
    assert.equal((await waiting).statusCode, 401);
  });

  test('answers its waiting rounds when the server closes', async () => {
    const here = await standing();
    const waiting = round({ ...here, waitSeconds: 50 });
    await waitFor('the round to wait', () => listeners.size > 0);
    await Promise.all([app.close(), waiting]);
  });

  test('ends a wait when its time is over', async () => {
    const begin = performance.now();
    await round({ ...(await standing()), waitSeconds: 1 });
    const took = performance.now() - begin;
    assert.ok(took > 900 && took < 5000, `took ${took} ms`);
  });

  test('refuses a body that is not what the protocol says, naming what is wrong', async () => {
    const answer = await post('sync', { instanceId: 'me', waitSeconds: 99 });
    assert.equal(answer.statusCode, 400);
    assert.match(answer.body, /REQUEST_INVALID.*instanceId/);
  });
});
