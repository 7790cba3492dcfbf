// Signing in on site with nothing but the document that came from the parent, and a parent's duties to the children below.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationOf, gatewayRules, grantsOn, tokenOf } from '../../fixtures/configuration.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { nodeStatusOf } from '../../fixtures/node-status.ts';
import { makeVerifier } from '../auth/password.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { ChildReport } from '../gateway/children.ts';
import { OciError, type OciErrorCode } from '../oci/errors.ts';
import { openSyncedChildren } from './synced-children.ts';
import { openSyncedDirectory, type SyncedDirectory } from './synced.ts';

let now = new Date('2026-03-01T12:00:00Z');
const clock: Clock = { ...systemClock, now: () => now };
const fails =
  (code: OciErrorCode, message = /./) =>
  (error: unknown) =>
    error instanceof OciError && error.code === code && message.test(error.message);

const client = tokenOf('client', 'right', grantsOn('app'));
const child = (deactivations?: number) => ({
  syncToken: tokenOf('child1', 'child password', [...grantsOn('app'), ...gatewayRules('child1')]),
  configuration: configurationOf('child1'),
  deactivations,
});

describe('a synced directory', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let directory: SyncedDirectory;
  const open = (): Promise<SyncedDirectory> => openSyncedDirectory(join(folder, 'configuration.json'), clock);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-directory-'));
    directory = await open();
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('lets nobody do anything before its first document', async () => {
    assert.equal(directory.mode, 'ReadOnly');
    await assert.rejects(directory.authenticate('client', 'right'), fails('UNAUTHORIZED'));
    assert.equal(await directory.anonymous(), undefined);
  });

  test('signs in clients and children by the document, also after a restart', async () => {
    await directory.apply(configurationOf('site1', { clientTokens: [client], children: [child()] }), '1');
    for (const one of [directory, await open()]) {
      assert.equal((await one.authenticate('client', 'right')).connectedRegistry, undefined);
      assert.equal((await one.authenticate('child1', 'child password')).connectedRegistry, 'child1');
      assert.equal(one.mode, 'ReadWrite');
      assert.equal(one.revision, '1');
    }
  });

  test('refuses a wrong password, an unknown name, and a token that is disabled', async () => {
    await directory.apply(configurationOf('site1', { clientTokens: [client] }), '1');
    await assert.rejects(
      directory.authenticate('client', 'wrong'),
      fails('UNAUTHORIZED', /Incorrect Password/),
    );
    await assert.rejects(directory.authenticate('nobody', 'right'), fails('UNAUTHORIZED'));
    const { credential } = await directory.authenticate('client', 'right');
    assert.ok(await directory.principal('client', credential));
    assert.equal(await directory.principal('client', undefined), undefined);
    await directory.apply(
      configurationOf('site1', { clientTokens: [{ ...client, status: 'disabled' }] }),
      '2',
    );
    await assert.rejects(directory.authenticate('client', 'right'), fails('UNAUTHORIZED'));
    assert.equal(await directory.principal('client', credential), undefined);
  });

  test('takes either password, each until it expires', async () => {
    const second = {
      name: 'password2' as const,
      verifier: makeVerifier('second'),
      expiry: '2026-03-01T13:00:00Z',
    };
    const token = { ...client, passwords: [...client.passwords, second] };
    await directory.apply(configurationOf('site1', { clientTokens: [token] }), '1');
    const { credential } = await directory.authenticate('client', 'second');
    assert.equal((await directory.principal('client', credential))?.name, 'client');
    now = new Date('2026-03-01T13:00:00Z');
    await assert.rejects(directory.authenticate('client', 'second'), fails('UNAUTHORIZED'));
    assert.equal(await directory.principal('client', credential), undefined);
    await directory.authenticate('client', 'right');
  });

  test('ends what a password was good for when the parent says that it is another one', async () => {
    await directory.apply(configurationOf('site1', { clientTokens: [client] }), '1');
    const { credential } = await directory.authenticate('client', 'right');
    const renewed = { ...client, passwords: [{ ...client.passwords[0]!, verifier: makeVerifier('new') }] };
    await directory.apply(configurationOf('site1', { clientTokens: [renewed] }), '2');
    assert.equal(await directory.principal('client', credential), undefined);
    const { credential: next } = await directory.authenticate('client', 'new');
    assert.equal((await directory.principal('client', next))?.name, 'client');
  });
});

describe('the children of a node', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let directory: SyncedDirectory;
  const open = () => openSyncedChildren(join(folder, 'children.json'), directory, clock);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-children-'));
    directory = await openSyncedDirectory(join(folder, 'configuration.json'), clock);
    await directory.apply(configurationOf('site1', { children: [child()] }), '1');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const report: ChildReport = {
    status: nodeStatusOf(new Date('2020-01-01T00:00:00.000Z'), { storedBytes: 1 }),
    descendants: {},
  };

  test('are activated by whoever comes first, and again by the same', async () => {
    const children = await open();
    await children.activate('child1', 'first', report);
    await children.activate('child1', 'first', report);
    await assert.rejects(children.activate('child1', 'second', report), fails('ALREADY_ACTIVATED'));
    await assert.rejects((await open()).activate('child1', 'second', report), fails('ALREADY_ACTIVATED'));
    await assert.rejects(children.activate('other', 'first', report), fails('NAME_UNKNOWN'));
  });

  test('report only while they hold their name', async () => {
    const children = await open();
    await assert.rejects(children.report('child1', 'first', report), fails('DENIED', /must activate first/));
    await children.activate('child1', 'first', report);
    await children.report('child1', 'first', report);
    await assert.rejects(children.report('child1', 'second', report), fails('ALREADY_ACTIVATED'));
    await children.deactivate('child1', 'first');
    await assert.rejects(children.report('child1', 'first', report), fails('DENIED'));
    await children.activate('child1', 'second', report);
  });

  test('lose their name when it was given back at the cloud, once for each time', async () => {
    const children = await open();
    await children.activate('child1', 'first', report);
    await directory.apply(configurationOf('site1', { children: [child(1)] }), '2');
    await assert.rejects(children.report('child1', 'first', report), fails('DENIED'));
    await children.activate('child1', 'second', report);
    await directory.apply(configurationOf('site1', { children: [child(1)], logLevel: 'Debug' }), '3');
    await children.report('child1', 'second', report);
  });

  test('are told of with the time at which they were last heard, and all that is below them', async () => {
    const children = await open();
    await children.activate('child1', 'first', report);
    await children.report('child1', 'first', { ...report, descendants: { deeper: report.status } });
    const known = children.descendants();
    assert.deepEqual(Object.keys(known).sort(), ['child1', 'deeper']);
    assert.equal(known.child1?.lastActivityTime, now.toISOString());
    assert.equal(known.deeper?.lastActivityTime, '2020-01-01T00:00:00.000Z');
    await children.deactivate('child1', 'first');
    assert.equal(children.descendants().child1?.active, false);
  });

  test('get their own document, whose revision changes with it alone', async () => {
    const children = await open();
    const first = await children.configuration('child1');
    assert.equal(first.configuration.name, 'child1');
    await directory.apply(configurationOf('site1', { children: [child()], logLevel: 'Debug' }), '2');
    assert.equal((await children.configuration('child1')).revision, first.revision);
    const changed = { ...child(), configuration: configurationOf('child1', { mode: 'ReadOnly' }) };
    await directory.apply(configurationOf('site1', { children: [changed] }), '3');
    assert.notEqual((await children.configuration('child1')).revision, first.revision);
  });

  test('hear of a change and stop hearing', async () => {
    const children = await open();
    let heard = 0;
    const end = children.onChange(() => heard++);
    await directory.apply(configurationOf('site1', { children: [child()] }), '2');
    end();
    await directory.apply(configurationOf('site1', { children: [child()] }), '3');
    assert.equal(heard, 1);
  });
});
