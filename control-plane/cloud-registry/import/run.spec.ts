// Imports from sources that work, that fail, and that are cut, into a real content.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { assert, describe } from '../../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../../fixtures/images/stored.ts';
import { type Importing, startImporting, startStandIn } from '../../../fixtures/importing.ts';
import { type Link, startLink } from '../../../fixtures/link.ts';
import { startRegistry, type TestRegistry } from '../../../fixtures/registry.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';
import { type Digest, digestOf } from '../../../registry-node/oci/digest.ts';
import { mediaTypes } from '../../../registry-node/oci/media-type.ts';
import { parseRepositoryName } from '../../../registry-node/oci/name.ts';
import { parseTag } from '../../../registry-node/oci/reference.ts';
import { ArmError } from '../../arm/errors.ts';
import { OperationStopped } from '../../arm/long-running.ts';

const app = parseRepositoryName('app');
const user = { username: 'owner', password: 'secret' };
const mebibyte = 1024 * 1024;

/** Stores a manifest that refers to `subject`, and is none itself. */
async function refer(registry: TestRegistry, subject: Digest, seed: string): Promise<Digest> {
  const image = buildImage(seed, []);
  const { config } = JSON.parse(image.manifest.toString());
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: 'application/vnd.example.sbom',
      config,
      layers: [],
      subject: { mediaType: mediaTypes.ociManifest, digest: subject, size: 1 },
    }),
  );
  return storeImage(registry.content, 'app', { ...image, manifest }, []);
}

async function index(registry: TestRegistry, children: Digest[], tag: string): Promise<Digest> {
  const manifests = children.map((digest) => ({ mediaType: mediaTypes.ociManifest, digest, size: 1 }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }));
  const put = { repository: app, bytes, mediaType: mediaTypes.ociIndex, tags: [parseTag(tag)] };
  return (await registry.content.putManifest(put, { origin: 'client' })).digest;
}

describe(
  'an import',
  ({ beforeEach, afterEach, test }) => {
    let source: TestRegistry;
    let importing: Importing;
    beforeEach(async () => {
      source = await startRegistry();
      importing = await startImporting();
    });
    afterEach(async () => {
      await importing.close();
      await source.close();
    });
    const holds = async (repository: string, digest: Digest): Promise<boolean> =>
      (await importing.target.manifest(parseRepositoryName(repository), { digest })) !== undefined;
    const tagged = async (repository: string, tag: string): Promise<Digest | undefined> =>
      (await importing.target.manifest(parseRepositoryName(repository), { tag: parseTag(tag) }))?.digest;

    test('brings an index with all it lists, and what refers to any of it', async () => {
      const children: Digest[] = [];
      for (const seed of ['amd64', 'arm64'])
        children.push(await storeImage(source.content, 'app', buildImage(seed), []));
      const root = await index(source, children, '1');
      const sbom = await refer(source, children[0]!, 'sbom');
      const signature = await refer(source, sbom, 'signature');
      await importing.run({ host: source.host }, user);
      assert.equal(await tagged('app', '1'), root);
      for (const digest of [root, ...children, sbom, signature]) assert.ok(await holds('app', digest));
      assert.deepEqual(
        (await importing.target.referrers(app, children[0]!)).map(({ digest }) => digest),
        [sbom],
      );
    });

    test('tells its bytes from none to all, each counted once', async () => {
      const image = buildImage('progress', [mebibyte, 2 * mebibyte]);
      await storeImage(source.content, 'app', image, ['1']);
      await importing.run({ host: source.host, targetTags: ['one:1', 'two:1'] }, user);
      const bytesTotal = image.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0);
      assert.deepEqual(importing.told[0], { bytesDone: 0, bytesTotal });
      assert.deepEqual(importing.told.at(-1), { bytesDone: bytesTotal, bytesTotal });
      const done = importing.told.map(({ bytesDone }) => bytesDone);
      assert.deepEqual(
        done,
        done.toSorted((one, other) => one - other),
      );
      assert.ok(new Set(done).size > 5, 'in steps');
    });

    test('by digest sets every tag that is asked for, and none in untagged targets', async () => {
      const digest = await storeImage(source.content, 'app', buildImage('many'), []);
      const image = `app@${digest}`;
      const targetTags = ['one:a', 'one:b', 'two'];
      await importing.run(
        { host: source.host, image, targetTags, untaggedTargetRepositories: ['three'] },
        user,
      );
      for (const [repository, tag] of [
        ['one', 'a'],
        ['one', 'b'],
        ['two', 'latest'],
      ] as const)
        assert.equal(await tagged(repository, tag), digest);
      assert.ok(await holds('three', digest));
      assert.deepEqual(await importing.target.tags(parseRepositoryName('three')), []);
    });

    test('leaves a tag that exists alone, unless it is forced', async () => {
      await storeImage(source.content, 'app', buildImage('new'), ['1']);
      const old = await storeImage(importing.target, 'app', buildImage('old'), ['1']);
      const refused = await importing.failure({ host: source.host, targetTags: ['other:1', 'app:1'] }, user);
      assert.equal(refused.code, 'Conflict');
      assert.equal(await tagged('app', '1'), old);
      assert.equal(await tagged('other', '1'), undefined);
      await importing.run({ host: source.host, force: true }, user);
      assert.notEqual(await tagged('app', '1'), old);
    });

    test('leaves a tag alone that somebody sets while it copies', async () => {
      await storeImage(source.content, 'app', buildImage('late', [mebibyte]), ['1']);
      const link = await startLink({ targetPort: source.port, bytesPerSecond: mebibyte });
      const copied = { host: `127.0.0.1:${link.port}`, targetTags: ['contested:1'] };
      const failing = importing.failure(copied, user);
      const soFar = importing.told.length;
      await waitFor('the first bytes', () => (importing.told.slice(soFar).at(-1)?.bytesDone ?? 0) > 0);
      const first = await storeImage(importing.target, 'contested', buildImage('quick'), ['1']);
      const refused = await failing;
      assert.equal(refused.code, 'Conflict');
      assert.match(refused.message, /Tag contested:1 already exists in target registry\.$/);
      assert.equal(await tagged('contested', '1'), first);
      await link.close();
    });

    test('that was taken up again goes on with the digest it began with, and its own tags are no conflict', async () => {
      const digest = await storeImage(source.content, 'app', buildImage('first'), ['1']);
      await importing.run({ host: source.host }, user);
      assert.equal(importing.kept?.digest, digest);
      await storeImage(source.content, 'app', buildImage('second'), ['1']);
      await importing.run({ host: source.host, digest, targetTags: ['app:1', 'app:2'] }, user);
      assert.equal(await tagged('app', '2'), digest);
    });

    test('ends when its registry is deleted, and the deletion waits for it', async () => {
      await storeImage(source.content, 'app', buildImage('slow', [mebibyte]), ['1']);
      const link = await startLink({ targetPort: source.port, bytesPerSecond: 200_000 });
      const failing = importing.failure({ host: `127.0.0.1:${link.port}` }, user);
      await waitFor('the first bytes', () => (importing.told.at(-1)?.bytesDone ?? 0) > 0);
      await importing.background.end();
      assert.match(
        (await failing).message,
        /myregistry .* could not be imported: the registry was deleted\.$/,
      );
      await link.close();
    });

    test('is not begun while a thousand others have not ended; a stop leaves them for the next start', async () => {
      const standIn = await startStandIn(() => undefined);
      const begun = Array.from({ length: 1000 }, () =>
        importing.run({ host: standIn.host }).catch((error: unknown) => error),
      );
      assert.throws(
        () => importing.imports.refuseWhenFull(),
        (error) => error instanceof ArmError && error.code === 'TooManyRequests',
      );
      const late = await importing.failure({ host: standIn.host });
      assert.equal(late.code, 'TooManyRequests', 'also of those who asked together with the last');
      importing.stop();
      const ended = await Promise.all(begun);
      await standIn.close();
      assert.ok(ended.every((error) => error instanceof OperationStopped));
      importing.imports.refuseWhenFull();
    });

    test('is one of four at once', async () => {
      let atOnce = 0;
      let most = 0;
      const standIn = await startStandIn((_, response) => {
        most = Math.max(most, ++atOnce);
        setTimeout(() => {
          atOnce -= 1;
          response.writeHead(404).end();
        }, 20);
      });
      const failures = await Promise.all(
        Array.from({ length: 12 }, () => importing.failure({ host: standIn.host })),
      );
      await standIn.close();
      assert.deepEqual([...new Set(failures.map(({ code }) => code))], ['ImportSourceNotFound']);
      assert.equal(most, 4);
    });
  },
  { timeoutMs: 40_000 },
);

describe(
  'an import whose connection is cut',
  ({ before, after, test }) => {
    const image = buildImage('cut', [40 * mebibyte]);
    let source: TestRegistry;
    let link: Link;
    let importing: Importing;
    before(async () => {
      source = await startRegistry({ anonymous: ['repositories/*/content/read'] });
      await storeImage(source.content, 'app', image, ['1']);
      link = await startLink({ targetPort: source.port, bytesPerSecond: 30 * mebibyte });
      importing = await startImporting();
    });
    after(async () => {
      await importing.close();
      await link.close();
      await source.close();
    });

    test('goes on at the byte where it was', async () => {
      const done = importing.run({ host: `127.0.0.1:${link.port}` });
      for (const part of [0.2, 0.6]) {
        await waitFor('some bytes', () => (importing.told.at(-1)?.bytesDone ?? 0) > part * 40 * mebibyte);
        link.cut();
        link.mend();
      }
      await done;
      // A cut between two ranges costs no attempt.
      assert.ok(importing.waitsMs.length >= 1, 'it was cut');
      // What a cut takes is what was on its way, not what has arrived.
      assert.ok(link.passed.downBytes < 48 * mebibyte, `${link.passed.downBytes} bytes were sent`);
      assert.ok(await importing.target.manifest(app, { digest: image.digest }));
    });
  },
  { timeoutMs: 40_000 },
);

type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

const image = buildImage('served');
/** Serves the image without sign-in; `blob` says what it gives for a blob. */
const serving =
  (blob: (response: ServerResponse, bytes: Buffer) => void): Misbehaviour =>
  ({ url = '' }, response) => {
    if (url.includes('/manifests/1') || url.includes(`/manifests/${image.digest}`))
      return void response.writeHead(200, { 'content-type': mediaTypes.ociManifest }).end(image.manifest);
    const found = image.blobs.find(({ digest }) => url.endsWith(`/blobs/${digest}`));
    if (found) blob(response, found.bytes);
    else response.writeHead(404).end();
    return undefined;
  };
const always =
  (status: number, headers: Record<string, string> = {}): Misbehaviour =>
  (_, response) =>
    void response.writeHead(status, headers).end();

/** What the source does, the code it fails with, what the message says, and the attempts before that. */
const failures: [string, Misbehaviour, string, RegExp, number][] = [
  ['knows no such image', always(404), 'ImportSourceNotFound', /has no image app:1\.$/, 1],
  [
    'accepts no credentials',
    always(401, { 'www-authenticate': 'Basic realm="x"' }),
    'ImportSourceUnauthorized',
    /answered 401/,
    1,
  ],
  ['forbids it', always(403), 'ImportSourceUnauthorized', /answered 403/, 1],
  ['never answers', () => undefined, 'ImportSourceTimeout', /got no answer/, 1],
  ['stays busy', always(429), 'ImportSourceBusy', /answered 429/, 4],
  [
    'wants to be left alone for an hour',
    always(429, { 'retry-after': '3600' }),
    'ImportSourceBusy',
    /answered 429/,
    1,
  ],
  ['keeps failing', always(500), 'ImportFailed', /answered 500/, 4],
  [
    'sends other bytes than the digest says',
    serving((response, bytes) => response.writeHead(200).end(Buffer.alloc(bytes.length))),
    'ImportSourceInvalid',
    /does not have that digest/,
    1,
  ],
  [
    'sends a manifest that is none',
    ({ url = '' }, response) => void response.writeHead(url.includes('/manifests/') ? 200 : 404).end('{}'),
    'ImportSourceInvalid',
    /the manifest's schemaVersion/,
    1,
  ],
  [
    'sends another manifest than was asked for',
    ({ url = '' }, response) => void response.writeHead(url.includes('/manifests/') ? 200 : 404).end('{}'),
    'ImportSourceInvalid',
    /arrived with digest/,
    1,
  ],
  [
    'falls silent within a blob',
    serving(
      (response, bytes) =>
        void response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 1)),
    ),
    'ImportSourceTimeout',
    /got no answer/,
    4,
  ],
];

describe('an import that its source counts', ({ test }) => {
  test('asks for each manifest and each blob once', async () => {
    const asked: string[] = [];
    const serve = serving((response, bytes) => response.writeHead(200).end(bytes));
    const standIn = await startStandIn((request, response) => {
      if (request.url !== '/v2/') asked.push(request.url!.split('/').slice(3, 4).join());
      serve(request, response);
    });
    const importing = await startImporting();
    await importing.run({ host: standIn.host, targetTags: ['one:1', 'two:1'] });
    await importing.close();
    await standIn.close();
    assert.deepEqual(asked.toSorted(), ['blobs', 'blobs', 'manifests', 'manifests', 'referrers']);
  });
});

describe('an import fails, and says why, when its source', ({ beforeEach, afterEach, test }) => {
  let importing: Importing;
  beforeEach(async () => {
    importing = await startImporting(200);
  });
  afterEach(() => importing.close());

  for (const [what, misbehaviour, code, message, attempts] of failures) {
    test(what, async () => {
      const standIn = await startStandIn(misbehaviour);
      const image = what.startsWith('sends another') ? `app@${digestOf('wanted')}` : 'app:1';
      const failed = await importing.failure({ host: standIn.host, image });
      await standIn.close();
      assert.deepEqual([failed.code, importing.waitsMs.length + 1], [code, attempts], failed.message);
      assert.match(failed.message, message);
      assert.match(failed.message, /^Resource .*myregistry The /);
    });
  }

  test('hangs until its time is over', async () => {
    const asked = Promise.withResolvers<void>();
    const hanging = await startStandIn(() => asked.resolve());
    const patient = await startImporting();
    const failing = patient.failure({ host: hanging.host });
    await asked.promise;
    patient.passDeadline();
    const failed = await failing;
    assert.equal(failed.code, 'ImportFailed');
    assert.match(failed.message, /took longer than 24 hours/);
    await patient.close();
    await hanging.close();
  });

  test('is not there, at once', async () => {
    const gone = await startStandIn(always(404));
    await gone.close();
    const failed = await importing.failure({ host: gone.host });
    assert.deepEqual([failed.code, importing.waitsMs], ['ImportSourceUnreachable', []]);
    assert.match(failed.message, /ECONNREFUSED/);
  });
});
