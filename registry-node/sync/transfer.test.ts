// What the parent tells against what a client does at that very moment: its change is in the database and not yet on the disk,
// so that nobody was told of it. The client will be answered that it was done, and it must not be undone by then.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { join } from 'node:path';
import { pino } from 'pino';
import { flowOf } from '../blobs/flow.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { newStatus } from '../../fixtures/engine-status.ts';
import { holdSyncs } from '../../fixtures/disk-faults.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { systemClock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import { openContent } from '../content/open.ts';
import { openSyncedDirectory } from '../directory/synced.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import { openRemoteRegistry, type RemoteRegistry } from '../remote/open.ts';
import { createConflicts } from './conflicts.ts';
import { createPending } from './pending.ts';
import { emptyPlan, type ImageStep, type Plan, type RemovalStep } from './plan.ts';
import { createSetAside } from './set-aside.ts';
import { openSyncState } from './state.ts';
import { openTraffic } from './traffic/open.ts';
import { transfer, type TransferContext } from './transfer.ts';

const app = parseRepositoryName('app');
const fresh = parseRepositoryName('fresh');
const [v1, v2] = [parseTag('v1'), parseTag('v2')];
const [stored, other] = [buildImage('stored'), buildImage('other')];
const client = { origin: 'client' } as const;

describe('what is carried out of a plan while a client makes a change', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  let parent: RemoteRegistry;
  let context: TransferContext;
  let logged: { msg: string; tags?: string[] }[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-transfer-'));
    content = await openContent({ folder, clock: systemClock });
    parent = openRemoteRegistry({ endpoint: '127.0.0.1:1', protocol: 'http' });
    await storeImage(content, 'app', stored, ['v1'], { origin: 'parent' });
    await storeImage(content, 'app', other, [], { origin: 'parent' });
    const state = await openSyncState(join(folder, 'sync.json'), content.feed.id);
    await state.update({ shownFrom: content.feed.head() });
    const directory = await openSyncedDirectory(join(folder, 'configuration.json'), systemClock);
    const traffic = await openTraffic({
      path: join(folder, 'traffic.json'),
      budget: {},
      windowEnds: () => undefined,
      clock: systemClock,
    });
    const status = newStatus({ storedBytes: () => content.storedBytes(), traffic });
    const pending = createPending(content.feed, state);
    logged = [];
    const logger = pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line)) });
    const conflicts = createConflicts({ clock: systemClock, feed: content.feed, logger, state, status });
    context = {
      directory,
      content,
      conflicts,
      logger,
      parent,
      pending,
      status,
      traffic,
      setAside: createSetAside({ name: 'site', clock: systemClock, state, status }),
      clock: systemClock,
      chunkBytes: 1024,
      transfersMax: 1,
    };
  });
  afterEach(async () => {
    await parent.close();
    await content.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The client's change is committed, then the plan is carried out, then the disk answers both. */
  const carryOutDuring = async (change: () => Promise<unknown>, plan: Partial<Plan>): Promise<void> => {
    const whole = { ...emptyPlan(content.feed.head()), ...plan };
    const syncs = await holdSyncs();
    try {
      const changing = change();
      await syncs.asked;
      const carryingOut = transfer(context, whole, new AbortController().signal);
      syncs.release();
      await Promise.all([changing, carryingOut]);
    } finally {
      syncs.release();
    }
  };
  const removing = (step: RemovalStep): Partial<Plan> => ({ removals: [step] });
  const tagging = (digest: ImageStep['digest']): Partial<Plan> => ({
    images: [{ repository: app, digest, copy: false, tags: [v1], bytes: 0 }],
  });
  const digestOfTag = async (tag: typeof v1, repository = app) =>
    (await content.manifest(repository, { tag }))?.digest;

  test('leaves a repository that a client pushes to', async () => {
    for (const { digest } of stored.blobs) await content.linkBlob(fresh, digest);
    const manifest = { bytes: stored.manifest, mediaType: undefined, tags: [v1] };
    const push = () => content.putManifest({ repository: fresh, ...manifest }, client);
    await carryOutDuring(push, removing({ kind: 'delete-repository', repository: fresh }));
    assert.equal(await digestOfTag(v1, fresh), stored.digest);
  });

  test('leaves a manifest that a client tags', async () => {
    const tag = () => content.tag(app, v2, stored.digest, client);
    await carryOutDuring(tag, removing({ kind: 'delete', repository: app, digest: stored.digest }));
    assert.equal(await digestOfTag(v2), stored.digest);
  });

  test('leaves what an index lists that a client has pushed and that has not gone up', async () => {
    const listed = { mediaType: mediaTypes.ociManifest, digest: stored.digest, size: stored.manifest.length };
    const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [listed] };
    const put = {
      repository: app,
      bytes: Buffer.from(JSON.stringify(index)),
      mediaType: mediaTypes.ociIndex,
    };
    const remove = removing({ kind: 'delete', repository: app, digest: stored.digest });
    await carryOutDuring(() => content.putManifest({ ...put, tags: [v2] }, client), remove);
    assert.ok(await content.manifest(app, { digest: stored.digest }), 'while it is pushed');
    await carryOutDuring(() => content.tag(app, v1, other.digest, client), remove);
    assert.ok(await content.manifest(app, { digest: stored.digest }), 'after it was pushed');
  });

  test('leaves the blobs of a push whose manifest is still to come', async () => {
    const pushed = buildImage('on its way');
    for (const { digest, bytes } of pushed.blobs) {
      const id = await content.uploads.start(app, 'client');
      await content.uploads.append(app, id, { source: flowOf(Readable.from([bytes])) });
      await content.uploads.finish(app, id, digest);
    }
    const removals: RemovalStep[] = [{ kind: 'delete-repository', repository: app }];
    const plan = { ...emptyPlan(0), removals };
    await transfer(context, plan, new AbortController().signal);
    assert.equal(await digestOfTag(v1), undefined);
    const manifest = { bytes: pushed.manifest, mediaType: undefined, tags: [v1] };
    await content.putManifest({ repository: app, ...manifest }, client);
    assert.equal(await digestOfTag(v1), pushed.digest);
  });

  test('leaves a tag that a client moves', async () => {
    const move = () => content.tag(app, v1, other.digest, client);
    await carryOutDuring(move, removing({ kind: 'untag', repository: app, tag: v1 }));
    assert.equal(await digestOfTag(v1), other.digest);
  });

  test('moves no tag back that a client moves', async () => {
    const move = () => content.tag(app, v1, other.digest, client);
    await carryOutDuring(move, tagging(stored.digest));
    assert.equal(await digestOfTag(v1), other.digest);
    const [told] = (await context.status.snapshot()).statusDetails;
    assert.equal(told?.code, 'TagConflict');
    for (const part of ['app:v1', stored.digest, other.digest]) assert.ok(told.description.includes(part));
  });

  test('sets no tag again that a client takes away', async () => {
    await carryOutDuring(() => content.untag(app, v1, client), tagging(stored.digest));
    assert.equal(await digestOfTag(v1), undefined);
  });

  test('brings no manifest back that a client deletes', async () => {
    const { manifest: bytes, digest } = stored;
    context.parent = {
      ...parent,
      manifest: async () => ({ bytes, digest, mediaType: mediaTypes.ociManifest }),
    };
    const copying = { images: [{ repository: app, digest, copy: true, tags: [], bytes: 0 }] };
    await carryOutDuring(() => content.deleteManifest(app, digest, client), copying);
    assert.equal(await content.manifest(app, { digest }), undefined, 'while it deletes');
    await carryOutDuring(() => content.tag(app, v1, other.digest, client), copying);
    assert.ok(
      await content.manifest(app, { digest }),
      'what was deleted before the plan was made is the plan’s matter',
    );
  });

  test('removes a manifest all the same when a client only takes its tag away', async () => {
    const untag = () => content.untag(app, v1, client);
    await carryOutDuring(untag, removing({ kind: 'delete', repository: app, digest: stored.digest }));
    assert.equal(await content.manifest(app, { digest: stored.digest }), undefined);
  });

  test('is logged by its tags: an index of ten platforms is a line and not eleven', async () => {
    const step = { repository: app, copy: false, bytes: 0 };
    const images = [
      { ...step, digest: other.digest, tags: [] },
      { ...step, digest: stored.digest, tags: [v1, v2] },
    ];
    const plan = { ...emptyPlan(0), images };
    await transfer(context, plan, new AbortController().signal);
    assert.deepEqual(
      logged.map(({ msg, tags }) => [msg, tags]),
      [['synchronised from the parent', [v1, v2]]],
    );
  });

  test('removes and moves what a client has not touched', async () => {
    const tag = () => content.tag(app, v2, other.digest, client);
    await carryOutDuring(tag, removing({ kind: 'delete', repository: app, digest: stored.digest }));
    assert.equal(await content.manifest(app, { digest: stored.digest }), undefined);
    await carryOutDuring(() => content.untag(app, v2, client), tagging(other.digest));
    assert.equal(await digestOfTag(v1), other.digest);
  });
});
