// What is known of a site, case by case: a registry with changes before and after the node's cursor.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationOf, grantsOn } from '../../../fixtures/configuration.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { buildImage, type StoredImage, storeImage } from '../../../fixtures/images/stored.ts';
import { systemClock } from '../../../registry-node/clock.ts';
import type { Content } from '../../../registry-node/content/content.ts';
import { openContent } from '../../../registry-node/content/open.ts';
import { grantsRevisionOf } from '../../../registry-node/gateway/round.ts';
import { nodeStatusOf } from '../../../fixtures/node-status.ts';
import type { NodeConfiguration, NodeStatus } from '../../../registry-node/gateway/protocol.ts';
import { type Digest, digestOf } from '../../../registry-node/oci/digest.ts';
import { mediaTypes } from '../../../registry-node/oci/media-type.ts';
import { parseRepositoryName } from '../../../registry-node/oci/name.ts';
import { parseTag } from '../../../registry-node/oci/reference.ts';
import { compileGrants } from '../../../registry-node/oci/scope.ts';
import { pathTo, reachOf } from './reach.ts';
import { readSiteContent, type SiteContent } from './site-content.ts';

const app = parseRepositoryName('app');
const other = parseRepositoryName('other');
const v1 = parseTag('v1');
const client = { origin: 'client' } as const;
const site1 = configurationOf('site1', { grants: grantsOn('app') });

describe('what is known of a site', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  /** As the node of `path` tells it now. */
  const appliedNow = (...path: NodeConfiguration[]): NodeStatus['applied'] => ({
    feedId: content.feed.id,
    cursor: content.feed.head(),
    grants: path.map(({ grants, syncFilter }) => grantsRevisionOf(compileGrants(grants), syncFilter)),
  });
  const read = (
    applied: NodeStatus['applied'],
    {
      path = [site1],
      damaged = [] as string[],
      repository = undefined as string | undefined,
      digest = undefined as Digest | undefined,
    } = {},
  ): Promise<SiteContent> => {
    const status = nodeStatusOf(new Date(), { applied });
    const reach = reachOf(path, status, content.feed);
    return readSiteContent({
      name: path.at(-1)!.name,
      content,
      reach,
      damaged: new Set(damaged),
      repository,
      digest,
    });
  };
  const states = ({ repositories }: SiteContent): string[] =>
    repositories.flatMap(({ name, tags }) => tags.map((tag) => `${name}:${tag.name} ${tag.state}`));
  const push = async (seed: string, tag = 'v1', repository = app): Promise<StoredImage> => {
    const image = buildImage(seed);
    await storeImage(content, repository, image, [tag]);
    return image;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-on-site-'));
    content = await openContent({ folder, clock: systemClock });
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true });
  });

  test('all that came before the cursor is there, and what the site may not read is not told of', async () => {
    await push('one');
    await push('two', 'v1', other);
    const told = await read(appliedNow(site1));
    assert.deepEqual(
      [states(told), told.known, told.repositories[0]?.bytesLeft],
      [['app:v1 OnSite'], true, 0],
    );
  });

  test('blobs that are there are not counted again, and those of two images once', async () => {
    await push('one');
    const applied = appliedNow(site1);
    // Its layer is there; its manifest and config are not.
    const sibling = withOtherConfig(buildImage('one'));
    await storeImage(content, app, sibling, ['sibling']);
    await push('new', 'v2');
    await content.tag(app, parseTag('v3'), buildImage('new').digest, client);
    const { repositories } = await read(applied);
    const needed = buildImage('new');
    const manifestBytes = (await content.manifest(app, { digest: needed.digest }))!.bytes.length;
    const blobBytes = needed.blobs.reduce((total, { bytes }) => total + bytes.length, 0);
    const siblingBytes = sibling.manifest.length + sibling.blobs[0]!.bytes.length;
    assert.equal(repositories[0]?.bytesLeft, manifestBytes + blobBytes + siblingBytes);
    assert.equal(repositories[0]?.manifestsLeft, 2);
    const each = Object.fromEntries(
      repositories[0]?.tags.map(({ name, bytesLeft }) => [name, bytesLeft]) ?? [],
    );
    const newBytes = manifestBytes + blobBytes;
    assert.deepEqual(each, { sibling: siblingBytes, v1: 0, v2: newBytes, v3: newBytes }, 'each tag alone');
  });

  test('blobs that are there for another repository are not counted, whichever one is asked for', async () => {
    const both = configurationOf('site1', { grants: [...grantsOn('app'), ...grantsOn('other')] });
    const unread = parseRepositoryName('unread');
    await push('one', 'v1', other);
    await push('two', 'v1', unread);
    const applied = appliedNow(both);
    const image = withOtherConfig(buildImage('one'));
    await storeImage(content, app, image, ['v1']);
    const alone = buildImage('two');
    await storeImage(content, app, alone, ['v2']);
    const bytes = ({ manifest, blobs }: StoredImage): number =>
      blobs.reduce((total, blob) => total + blob.bytes.length, manifest.length);
    const { repositories } = await read(applied, { path: [both], repository: 'app' });
    const expected = { v1: image.manifest.length + image.blobs[0]!.bytes.length, v2: bytes(alone) };
    assert.deepEqual(
      Object.fromEntries(repositories[0]!.tags.map(({ name, bytesLeft }) => [name, bytesLeft])),
      expected,
    );
    assert.equal(repositories.length, 1);
  });

  test('a tag that moved is different, one that was made is missing, one that went is to be removed', async () => {
    await push('one');
    await push('one', 'gone');
    const applied = appliedNow(site1);
    await push('two');
    await push('three', 'v2');
    await content.untag(app, parseTag('gone'), client);
    const told = await read(applied);
    assert.deepEqual(states(told), ['app:v1 Different', 'app:v2 Missing']);
    assert.deepEqual(
      told.removals.map(({ tag }) => tag),
      ['gone'],
    );
  });

  test('what a filter on the way does not select is not missing, and counts for nothing', async () => {
    const newest = { ...site1, syncFilter: [{ repository: '*', tags: { include: ['v*'], newest: 2 } }] };
    const below = { ...configurationOf('site2', { grants: grantsOn('app') }) };
    const filtered = { ...below, syncFilter: [{ repository: 'app', tags: { exclude: ['v3'] } }] };
    await push('dev', 'dev');
    await push('one', 'v1');
    const images = [await push('two', 'v2'), await push('three', 'v3')];
    const first = await read(undefined, { path: [newest] });
    assert.deepEqual(states(first), [
      'app:dev Filtered',
      'app:v1 Filtered',
      'app:v2 Unknown',
      'app:v3 Unknown',
    ]);
    const bytes = ({ manifest, blobs }: StoredImage): number =>
      blobs.reduce((total, blob) => total + blob.bytes.length, manifest.length);
    assert.equal(first.repositories[0]?.manifests, 2);
    assert.equal(first.repositories[0]?.bytesLeft, bytes(images[0]!) + bytes(images[1]!));
    const path = [newest, filtered];
    const applied = appliedNow(...path);
    assert.deepEqual(states(await read(applied, { path })), [
      'app:dev Filtered',
      'app:v1 Filtered',
      'app:v2 OnSite',
      'app:v3 Filtered',
    ]);
    assert.ok(!(await read(applied, { path: [newest, below] })).known, 'another filter needs a full sync');
    await content.untag(app, parseTag('dev'), client);
    await content.untag(app, parseTag('v2'), client);
    const later = await read(applied, { path });
    assert.deepEqual(
      later.removals.map(({ tag }) => tag),
      ['v2'],
    );
  });

  test('what came and went behind the cursor is nothing', async () => {
    await push('one');
    const applied = appliedNow(site1);
    const image = await push('two', 'v2');
    await content.deleteManifest(app, image.digest, client);
    const told = await read(applied);
    assert.deepEqual(states(told), ['app:v1 OnSite']);
    assert.deepEqual(
      told.removals.filter(({ tag }) => tag === undefined),
      [],
    );
  });

  test('what the site pushed up itself is there', async () => {
    await push('one');
    const applied = appliedNow(site1);
    const origin = { origin: { connectedRegistry: 'site1' } };
    const image = buildImage('two');
    await storeImage(content, app, image, ['v1'], origin);
    assert.deepEqual(states(await read(applied)), ['app:v1 OnSite']);
  });

  test('an index is there with all its images only', async () => {
    const images = [await push('one', 'a'), buildImage('two')];
    const manifests = [];
    for (const { digest, manifest } of images) {
      manifests.push({ mediaType: mediaTypes.ociManifest, digest, size: manifest.length });
    }
    const index = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }),
    );
    await content.putManifest(
      { repository: app, bytes: index, mediaType: mediaTypes.ociIndex, tags: [parseTag('multi')] },
      client,
    );
    const applied = appliedNow(site1);
    assert.deepEqual(states(await read(applied)), ['app:a OnSite', 'app:multi OnSite']);
    await storeImage(content, app, images[1]!, []);
    const missing = await read(applied);
    assert.deepEqual(states(missing), ['app:a OnSite', 'app:multi Missing']);
    const { bytesLeft, tags } = missing.repositories[0]!;
    assert.equal(tags[1]?.bytesLeft, bytesLeft, 'the index and the image that is not there');
  });

  test('a blob that the disk lost takes its images away', async () => {
    const image = await push('one');
    await push('two', 'v2');
    const told = await read(appliedNow(site1), { damaged: [image.blobs[0]!.digest] });
    assert.deepEqual(states(told), ['app:v1 Missing', 'app:v2 OnSite']);
  });

  test('what is locked against reading is not copied', async () => {
    await push('one');
    await content.metadata.setAttributes({ repository: app, tag: v1 }, { readEnabled: false });
    assert.deepEqual(
      states(await read(appliedNow(site1))),
      ['app:v1 OnSite'],
      'the tag alone is no obstacle',
    );
    await content.metadata.setAttributes({ repository: app }, { readEnabled: false });
    assert.deepEqual(states(await read(appliedNow(site1))), ['app:v1 Locked']);
  });

  test('a manifest is told of by its digest, with a tag or without', async () => {
    const before = buildImage('one');
    await storeImage(content, app, before, []);
    const applied = appliedNow(site1);
    const after = await push('two');
    const told = async (digest: Digest, where: NodeStatus['applied']): Promise<string | undefined> =>
      (await read(where, { repository: 'app', digest })).repositories[0]?.manifest?.state;
    assert.equal(await told(before.digest, applied), 'OnSite');
    assert.equal(await told(after.digest, applied), 'Missing');
    assert.equal(await told(before.digest, undefined), 'Unknown');
    assert.equal(await told(digestOf('nobody pushed it'), applied), undefined);
    await content.metadata.setAttributes({ repository: app, digest: before.digest }, { readEnabled: false });
    assert.equal(await told(before.digest, applied), 'Locked');
  });

  test('a question about one repository is answered for it alone', async () => {
    const both = configurationOf('site1', { grants: grantsOn('app', 'other') });
    await push('one');
    await push('two', 'v1', other);
    const told = await read(appliedNow(both), { path: [both], repository: 'other' });
    assert.deepEqual(states(told), ['other:v1 OnSite']);
  });

  test('whoever is below another gets what both may read', async () => {
    const below = configurationOf('line1', { grants: grantsOn('app', 'other') });
    const above = {
      ...site1,
      children: [
        {
          syncToken: { name: 'line1', status: 'enabled' as const, actions: [], passwords: [] },
          configuration: below,
        },
      ],
    };
    await push('one');
    await push('two', 'v1', other);
    const path = pathTo([above], 'LINE1');
    assert.deepEqual(
      path.map(({ name }) => name),
      ['site1', 'line1'],
    );
    assert.deepEqual(states(await read(appliedNow(above, below), { path })), ['app:v1 OnSite']);
    assert.equal(
      (await read(appliedNow(below), { path })).known,
      false,
      'the hashes are those of the whole way',
    );
  });

  const unknown: [string, (now: NonNullable<NodeStatus['applied']>) => NodeStatus['applied']][] = [
    ['nothing was told', () => undefined],
    ['it is of another feed', (now) => ({ ...now, feedId: 'another' })],
    ['it is of other grants', (now) => ({ ...now, grants: ['other'] })],
    ['it is ahead of the feed, which was restored', (now) => ({ ...now, cursor: now.cursor + 1 })],
  ];
  for (const [name, change] of unknown) {
    test(`nothing is known when ${name}, and everything counts`, async () => {
      await push('one');
      const told = await read(change(appliedNow(site1)!));
      assert.deepEqual([told.known, states(told)], [false, ['app:v1 Unknown']]);
      assert.ok(told.repositories[0]!.bytesLeft > 1000);
    });
  }

  test('nothing is known when the feed was trimmed beyond the cursor', async () => {
    await push('one');
    const applied = appliedNow(site1);
    await push('two');
    await content.feed.trim(new Date(Date.now() + 60_000));
    assert.equal((await read(applied)).known, false);
  });
});

/** The same layers under another config. */
function withOtherConfig({ manifest, blobs }: StoredImage): StoredImage {
  const [config, ...layers] = blobs as [StoredImage['blobs'][0], ...StoredImage['blobs']];
  const bytes = Buffer.from(JSON.stringify({ architecture: 'arm64', os: 'linux' }));
  const other = { digest: digestOf(bytes), bytes };
  const text = manifest
    .toString()
    .replace(config.digest, other.digest)
    .replace(`"size":${config.bytes.length}`, `"size":${bytes.length}`);
  return { manifest: Buffer.from(text), digest: digestOf(Buffer.from(text)), blobs: [other, ...layers] };
}
