// What a registry holds and what its feed tells of it, on a real database and real files.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { assert, describe } from '../../fixtures/describe.ts';
import { openedBelow } from '../../fixtures/opened-below.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import type { Clock } from '../clock.ts';
import { openSqlite } from '../database/open.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import { OciError, type OciErrorCode } from '../oci/errors.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { Content } from './content.ts';
import type { FeedEvent } from './feed.ts';
import { openContent } from './open.ts';
import { migrations, type Tables } from './schema.ts';

const app = parseRepositoryName('team/app');
const other = parseRepositoryName('team/other');
const [v1, v2] = [parseTag('v1'), parseTag('v2')];
const client = { origin: 'client' } as const;

describe('content', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  let now: Date;
  const clock: Clock = {
    now: () => now,
    sleep: () => Promise.reject(new Error('content does not wait')),
  };
  beforeEach(async () => {
    now = new Date('2026-01-01T00:00:00Z');
    folder = await mkdtemp(join(tmpdir(), 'acrc-content-'));
    content = await openContent({ folder, clock });
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true, force: true });
  });
  const reopen = async (): Promise<void> => {
    await content.close();
    content = await openContent({ folder, clock });
  };
  const told = async (after = 0): Promise<string[]> => {
    const { events } = await content.feed.read({ after, limit: 1000 });
    return events.map(
      ({ action, repository, digest, tag }) => `${action} ${repository} ${tag ?? digest.slice(7, 11)}`,
    );
  };
  const short = (digest: Digest): string => digest.slice(7, 11);
  const put = (bytes: Buffer, mediaType: string = mediaTypes.ociManifest) =>
    content.putManifest({ repository: app, bytes, mediaType }, client);

  test('holds nothing open of a folder that it could not open', async () => {
    const damaged = join(folder, 'damaged');
    await mkdir(damaged);
    await writeFile(join(damaged, 'blobs'), 'where a folder should be');
    await assert.rejects(openContent({ folder: damaged, clock }), /blobs/);
    assert.deepEqual(openedBelow(damaged), []);
  });

  test('gives a manifest back by tag and by digest, byte for byte, after a restart too', async () => {
    const image = buildImage('one');
    await storeImage(content, 'team/app', image, ['v1', 'v2']);
    for (let start = 0; start < 2; start++) {
      for (const reference of [{ tag: v1 }, { tag: v2 }, { digest: image.digest }]) {
        const found = await content.manifest(app, reference);
        assert.ok(Buffer.from(found!.bytes).equals(image.manifest));
        assert.equal(found!.digest, image.digest);
        assert.equal(found!.mediaType, mediaTypes.ociManifest);
      }
      await reopen();
    }
  });

  test('tells the feed of each change once, and nothing of what changed nothing', async () => {
    const image = buildImage('one');
    await storeImage(content, 'team/app', image, ['v1']);
    await storeImage(content, 'team/app', image, ['v1']);
    await content.tag(app, v2, image.digest, client);
    await content.tag(app, v2, image.digest, client);
    assert.equal(await content.untag(app, v1, client), true);
    assert.equal(await content.untag(app, v1, client), false);
    assert.deepEqual(await told(), [
      `push team/app ${short(image.digest)}`,
      'tag team/app v1',
      'tag team/app v2',
      'untag team/app v1',
    ]);
    assert.equal(content.feed.head(), 4);
  });

  test('shows a tag that moved at once, though the old answer was in the cache', async () => {
    const [first, second] = [buildImage('one'), buildImage('two')];
    await storeImage(content, 'team/app', first, ['v1']);
    assert.equal((await content.manifest(app, { tag: v1 }))?.digest, first.digest);
    await storeImage(content, 'team/app', second, ['v1']);
    assert.equal((await content.manifest(app, { tag: v1 }))?.digest, second.digest);
    await content.deleteManifest(app, second.digest, client);
    assert.equal(await content.manifest(app, { tag: v1 }), undefined);
    assert.equal(await content.manifest(app, { digest: second.digest }), undefined);
  });

  test('shows the type that the same bytes are pushed with again, by tag too, though the old answer was in the cache', async () => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }));
    for (const mediaType of [mediaTypes.ociIndex, mediaTypes.dockerManifestList]) {
      const { digest } = await content.putManifest({ repository: app, bytes, mediaType, tags: [v1] }, client);
      for (const reference of [{ tag: v1 }, { digest }]) {
        assert.equal((await content.manifest(app, reference))?.mediaType, mediaType);
      }
    }
  });

  test('deletes a manifest with every tag on it, and a repository with its last manifest', async () => {
    const image = buildImage('one');
    await storeImage(content, 'team/app', image, ['v2', 'v1']);
    const head = content.feed.head();
    assert.equal(await content.deleteManifest(app, image.digest, client), true);
    assert.equal(await content.deleteManifest(app, image.digest, client), false);
    assert.deepEqual(await told(head), [
      'untag team/app v1',
      'untag team/app v2',
      `delete team/app ${short(image.digest)}`,
    ]);
    assert.equal(await content.hasRepository(app), false);
    await fails('NAME_UNKNOWN', content.tags(app));
  });

  test('deletes a repository whole and leaves the others', async () => {
    const [first, second] = [buildImage('one'), buildImage('two')];
    await storeImage(content, 'team/app', first, ['v1']);
    await storeImage(content, 'team/app', second, ['v2']);
    await storeImage(content, 'team/other', first, ['v1']);
    const head = content.feed.head();
    assert.equal(await content.deleteRepository(app, client), true);
    const { events } = await content.feed.read({ after: head, limit: 100 });
    const actions = events.map(({ action }) => action);
    assert.deepEqual(actions, actions.toSorted().toReversed(), 'tags go before manifests');
    assert.equal(await content.deleteRepository(app, client), false);
    assert.deepEqual(await content.repositories(), [other]);
    assert.equal(await content.blobSize(app, first.blobs[0]!.digest), undefined);
    assert.ok(await content.blobSize(other, first.blobs[0]!.digest));
  });

  test('answers others while a repository of many manifests goes, as it was before', async () => {
    const digests: Digest[] = [];
    for (let position = 0; position < 100; position++) {
      const annotations = { position: String(position) };
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [], annotations }));
      digests.push((await put(bytes, mediaTypes.ociIndex)).digest);
    }
    const [digest] = digests;
    const deleting = content.deleteRepository(app, client);
    for (let turns = 0; turns < 4; turns++) {
      await turn();
      assert.equal((await content.manifest(app, { digest: digest! }))?.digest, digest);
    }
    assert.equal(await deleting, true);
    assert.equal(await content.manifest(app, { digest: digest! }), undefined);
  });

  test('refuses an image whose blobs the repository does not hold, and names them', async () => {
    const image = buildImage('one', [10, 20]);
    await storeImage(content, 'team/other', image, []);
    await content.linkBlob(app, image.blobs[0]!.digest);
    await assert.rejects(put(image.manifest), (error: unknown) => {
      assert.ok(error instanceof OciError && error.code === 'MANIFEST_BLOB_UNKNOWN');
      assert.deepEqual(
        error.detail,
        image.blobs.slice(1).map(({ digest }) => ({ digest })),
      );
      return true;
    });
    assert.equal(await content.hasRepository(app), false);
    assert.equal(content.feed.head(), 1);
  });

  test('takes an index whose images are elsewhere', async () => {
    const { digest, manifest } = buildImage('elsewhere');
    const entry = { mediaType: mediaTypes.ociManifest, digest, size: manifest.length };
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [entry] }),
    );
    const stored = await put(bytes, mediaTypes.ociIndex);
    assert.equal((await content.manifest(app, stored))?.mediaType, mediaTypes.ociIndex);
  });

  const refusals: [string, OciErrorCode, () => Promise<unknown>][] = [
    ['a manifest above 4 MiB', 'MANIFEST_TOO_LARGE', () => put(Buffer.alloc(4 * 1024 * 1024 + 1))],
    ['what is no JSON', 'MANIFEST_INVALID', () => put(Buffer.from('{'))],
    [
      'a manifest under a digest that is not its own',
      'DIGEST_INVALID',
      () =>
        content.putManifest(
          {
            repository: app,
            bytes: buildImage('one').manifest,
            mediaType: undefined,
            digest: digestOf('other'),
          },
          client,
        ),
    ],
    ['a tag on what is not stored', 'MANIFEST_UNKNOWN', () => content.tag(app, v1, digestOf('none'), client)],
  ];
  for (const [what, code, work] of refusals) {
    test(`refuses ${what}`, async () => {
      await fails(code, work());
      assert.equal(content.feed.head(), 0);
    });
  }

  test('finds what refers to a manifest, by type', async () => {
    const image = buildImage('one');
    await storeImage(content, 'team/app', image, ['v1']);
    const subject = { mediaType: mediaTypes.ociManifest, digest: image.digest, size: image.manifest.length };
    for (const artifactType of ['application/sbom', 'application/signature']) {
      const manifest = {
        ...JSON.parse(image.manifest.toString()),
        artifactType,
        subject,
        annotations: { a: 'b' },
      };
      const stored = await put(Buffer.from(JSON.stringify(manifest)));
      assert.equal(stored.subject, image.digest);
    }
    assert.equal((await content.referrers(app, image.digest)).length, 2);
    const [found, ...more] = await content.referrers(app, image.digest, {
      artifactType: 'application/sbom',
    });
    assert.equal(more.length, 0);
    assert.equal(found?.artifactType, 'application/sbom');
    assert.deepEqual(found?.annotations, { a: 'b' });
    assert.deepEqual(await content.referrers(other, image.digest), []);
  });

  test('lists in byte order and in pages', async () => {
    const image = buildImage('one');
    await storeImage(content, 'team/app', image, ['b', 'a', 'B', 'c']);
    await storeImage(content, 'a', image, ['x']);
    assert.deepEqual(await content.tags(app), ['B', 'a', 'b', 'c']);
    assert.deepEqual(await content.tags(app, { n: 2, last: parseTag('B') }), ['a', 'b']);
    assert.deepEqual(await content.repositories({ n: 1 }), ['a']);
    assert.deepEqual(await content.repositories({ last: parseRepositoryName('a') }), ['team/app']);
    const [entry] = await content.manifests(app);
    assert.deepEqual(entry?.tags, ['B', 'a', 'b', 'c']);
  });

  test('keeps who made a change and when', async () => {
    await storeImage(content, 'team/app', buildImage('one'), [], { origin: 'parent' });
    now = new Date('2026-01-02T00:00:00Z');
    await storeImage(content, 'team/app', buildImage('two'), [], { origin: { connectedRegistry: 'site1' } });
    const { events } = await content.feed.read({ after: 0, limit: 10 });
    assert.deepEqual(
      events.map(({ origin, at }) => [origin, at.toISOString()]),
      [
        ['parent', '2026-01-01T00:00:00.000Z'],
        [{ connectedRegistry: 'site1' }, '2026-01-02T00:00:00.000Z'],
      ],
    );
  });

  test('numbers the feed on, though it was trimmed and restarted', async () => {
    const id = content.feed.id;
    await storeImage(content, 'team/app', buildImage('one'), ['v1']);
    now = new Date('2026-02-01T00:00:00Z');
    assert.equal(await content.feed.trim(now), 2);
    assert.equal(content.feed.trimmedTo(), 2);
    await reopen();
    assert.deepEqual([content.feed.id, content.feed.head(), content.feed.trimmedTo()], [id, 2, 2]);
    // Whoever reads to the head gets there, though its rows are gone.
    assert.deepEqual(await content.feed.read({ after: 0, limit: 1 }), { events: [], scanned: 2 });
    let appended = 0;
    content.feed.onAppend(() => appended++);
    await storeImage(content, 'team/app', buildImage('two'), []);
    assert.deepEqual([content.feed.head(), appended], [3, 1]);
  });

  test('tells each reader of the feed what that one accepts, though all read the same rows', async () => {
    await storeImage(content, app, buildImage('a'), [v1]);
    await storeImage(content, other, buildImage('b'), [v1]);
    const namesFor = async (accept?: (event: FeedEvent) => boolean): Promise<string[]> => {
      const query = accept ? { after: 0, limit: 100, accept } : { after: 0, limit: 100 };
      return (await content.feed.read(query)).events.map(({ repository }) => repository);
    };
    const both = [app, app, other, other];
    const only = (wanted: string) => (event: FeedEvent) => event.repository === wanted;
    assert.deepEqual(await Promise.all([namesFor(only(app)), namesFor(), namesFor(only(other))]), [
      [app, app],
      both,
      [other, other],
    ]);
    await content.untag(app, v1, client);
    assert.deepEqual(await namesFor(), [...both, app]);
  });

  test('reads the feed past what the reader may not see', async () => {
    await storeImage(content, 'team/app', buildImage('one'), ['v1']);
    await storeImage(content, 'team/other', buildImage('one'), ['v1']);
    const accept = ({ repository }: { repository: string }): boolean => repository === other;
    assert.deepEqual(await content.feed.read({ after: 0, limit: 2, accept }), { events: [], scanned: 2 });
    const { events, scanned } = await content.feed.read({ after: 2, limit: 10, accept });
    assert.deepEqual([events.length, scanned], [2, 4]);
  });

  test('counts each blob once, in however many repositories it is', async () => {
    const image = buildImage('one', [1000]);
    await storeImage(content, 'team/app', image, []);
    await storeImage(content, 'team/other', image, []);
    const bytes = image.blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);
    assert.equal(await content.storedBytes(), bytes);
    const { digest } = image.blobs[0]!;
    assert.deepEqual(await content.repositoriesOfBlob(digest, 10), [app, other]);
    assert.equal(await content.unlinkBlob(app, digest), true);
    assert.equal(await content.unlinkBlob(app, digest), false);
    assert.deepEqual([await content.blobSize(app, digest), await content.hasBlob(digest)], [undefined, true]);
    await storeImage(content, 'team/app', image, []);
    const { blobs, blobBytes, repositories } = await content.totals();
    assert.deepEqual([blobs, blobBytes, repositories], [2, bytes, 2]);
    for (const repository of [app, other]) await content.deleteRepository(repository, client);
    await content.collectGarbage({ dryRun: false });
    assert.partialDeepStrictEqual(await content.totals(), { blobs: 0, blobBytes: 0, repositories: 0 });
  });

  test('counts the blobs that its first version has stored', async () => {
    const older = join(folder, 'older');
    await mkdir(older);
    const database = await openSqlite<Tables>(join(older, 'registry.db'), migrations.slice(0, 1));
    for (const size of [1000, 234]) {
      const blob = { digest: digestOf(`${size}`), size, created_at: 0, damaged_at: null };
      await database.insertInto('blobs').values(blob).execute();
    }
    await database.insertInto('registry').values({ feed_id: 'feed', trimmed_to: 0 }).execute();
    await database.destroy();
    const opened = await openContent({ folder: older, clock });
    assert.partialDeepStrictEqual(await opened.totals(), { blobs: 2, blobBytes: 1234 });
    await opened.close();
  });

  test('finds a manifest in whichever repository it is', async () => {
    const { digest, manifest } = buildImage('one');
    assert.equal(await content.manifestAnywhere(digest), undefined);
    await storeImage(content, 'team/app', buildImage('one'), []);
    const found = await content.manifestAnywhere(digest);
    assert.ok(found && manifest.equals(found.bytes));
  });

  test('links nothing that is stored nowhere', async () => {
    assert.equal(await content.linkBlob(app, digestOf('nothing')), false);
  });
});

async function fails(code: OciErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error: unknown) => error instanceof OciError && error.code === code);
}
