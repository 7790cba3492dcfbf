// What takes several requests to see over real HTTP: pieces of a blob, a body that is cut short, pages, deletions.
import { connect } from 'node:net';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, type StoredImage, storeImage } from '../../fixtures/images/stored.ts';
import {
  basic,
  owner,
  type RequestOptions,
  startRegistry,
  type TestRegistry,
} from '../../fixtures/registry.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { digestOf } from '../oci/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';

const app = parseRepositoryName('team/app');
const image = buildImage('conversations', [1500]);
const layer = image.blobs[1]!;
const blob = `/v2/team/app/blobs/${layer.digest}`;

const ascending = (a: number, b: number): number => a - b;

/** An artifact that refers to `subject`; another `seed`, another digest. */
function referrer(subject: StoredImage, artifactType: string, seed: string): string {
  return JSON.stringify({
    ...JSON.parse(subject.manifest.toString()),
    artifactType,
    subject: { mediaType: mediaTypes.ociManifest, digest: subject.digest, size: subject.manifest.length },
    annotations: { seed },
  });
}

describe('a conversation with the distribution API', ({ test, before, beforeEach, after }) => {
  let registry: TestRegistry;
  before(async () => {
    registry = await startRegistry();
  });
  beforeEach(async () => {
    await registry.content.deleteRepository(app, { origin: 'client' });
    await storeImage(registry.content, app, image, ['v1', 'v2']);
  });
  after(() => registry.close());
  const ask = (line: string, options: RequestOptions = {}): Promise<Response> => {
    const [method = '', path = ''] = line.split(' ');
    return registry.request(method, path, { as: owner, ...options });
  };

  test('sends a blob and any range of it as it is', async () => {
    const whole = Buffer.from(await (await ask(`GET ${blob}`)).arrayBuffer());
    assert.ok(whole.equals(layer.bytes));
    const part = await ask(`GET ${blob}`, { headers: { range: 'bytes=-10' } });
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(layer.bytes.subarray(1490)));
  });

  test('takes a blob in pieces, tells where it stands, and refuses what is out of order', async () => {
    const bytes = Buffer.from('pieces of a blob, in order');
    const location = (await ask('POST /v2/team/app/blobs/uploads/')).headers.get('location')!;
    const first = await ask(`PATCH ${location}`, {
      body: bytes.subarray(0, 10),
      headers: { 'content-range': '0-9' },
    });
    assert.deepEqual([first.status, first.headers.get('range')], [202, '0-9']);
    const wrong = await ask(`PATCH ${location}`, {
      body: bytes.subarray(20),
      headers: { 'content-range': '20-25' },
    });
    assert.deepEqual(
      [wrong.status, wrong.headers.get('range'), wrong.headers.get('location')],
      [416, '0-9', location],
    );
    const malformed = await ask(`PATCH ${location}`, { body: bytes, headers: { 'content-range': 'all' } });
    assert.equal(malformed.status, 416);
    const short = await ask(`PATCH ${location}`, {
      body: bytes.subarray(10),
      headers: { 'content-range': '10-99' },
    });
    assert.equal(short.status, 400);
    const status = await ask(`GET ${location}`);
    assert.deepEqual(
      [status.status, status.headers.get('range'), status.headers.get('location')],
      [204, '0-9', location],
    );
    const rest = await ask(`PATCH ${location}`, { body: bytes.subarray(10, 20) });
    assert.equal(rest.headers.get('range'), '0-19');
    const digest = digestOf(bytes);
    const early = await ask(`PUT ${location}?digest=${digest}`, {
      body: bytes.subarray(21),
      headers: { 'content-range': '21-25' },
    });
    assert.deepEqual([early.status, early.headers.get('range')], [416, '0-19']);
    const finish = () =>
      ask(`PUT ${location}?digest=${digest}`, {
        body: bytes.subarray(20),
        headers: { 'content-range': '20-25' },
      });
    // The second time by a client that never got the first answer.
    for (const last of [await finish(), await finish()]) {
      assert.deepEqual([last.status, last.headers.get('docker-content-digest')], [201, digest]);
      assert.deepEqual(
        [last.headers.get('location'), last.headers.get('range')],
        [`/v2/team/app/blobs/${digest}`, '0-25'],
      );
    }
    assert.equal(await (await ask(`GET /v2/team/app/blobs/${digest}`)).text(), bytes.toString());
    assert.equal((await ask(`GET ${location}`)).status, 404);
  });

  test('keeps what arrived of a body that was cut short, and goes on from there', async () => {
    const bytes = Buffer.alloc(300_000, 'cut');
    const location = (await ask('POST /v2/team/app/blobs/uploads/')).headers.get('location')!;
    const authorization = basic(owner, 'secret');
    const socket = connect(registry.port, '127.0.0.1');
    socket.write(
      `PATCH ${location} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    socket.write(bytes.subarray(0, 200_000), () => setTimeout(() => socket.destroy(), 50));
    const arrived = await waitFor('the piece to be kept', async () => {
      const range = (await ask(`GET ${location}`)).headers.get('range')!;
      return range === '0-0' ? undefined : Number(range.slice(2)) + 1;
    });
    const digest = digestOf(bytes);
    assert.equal((await ask(`HEAD /v2/team/app/blobs/${digest}`)).status, 404);
    const rest = await ask(`PUT ${location}?digest=${digest}`, { body: bytes.subarray(arrived) });
    assert.equal(rest.status, 201);
  });

  test('forgets an upload whose bytes are not what its digest says', async () => {
    const location = (await ask('POST /v2/team/app/blobs/uploads/')).headers.get('location')!;
    const wrong = await ask(`PUT ${location}?digest=${digestOf('another')}`, { body: 'a blob' });
    assert.equal(wrong.status, 400);
    assert.match(await wrong.text(), /DIGEST_INVALID/);
    assert.equal((await ask(`GET ${location}`)).status, 404);
  });

  test('forgets an upload that is cancelled', async () => {
    const location = (await ask('POST /v2/team/app/blobs/uploads/')).headers.get('location')!;
    assert.equal((await ask(`DELETE ${location}`)).status, 204);
    assert.equal((await ask(`PATCH ${location}`, { body: 'x' })).status, 404);
  });

  test('deletes a tag, a manifest and a blob, and the next answer is 404', async () => {
    for (const path of [`manifests/v1`, `manifests/${image.digest}`, `blobs/${layer.digest}`]) {
      assert.equal((await ask(`DELETE /v2/team/app/${path}`)).status, 202);
      assert.equal((await ask(`GET /v2/team/app/${path}`)).status, 404);
    }
    assert.equal((await ask('GET /v2/team/app/manifests/v2')).status, 404);
  });

  test('pages through tags by the links it gives', async () => {
    await storeImage(registry.content, app, image, ['a', 'B', 'c']);
    const seen: string[] = [];
    let next: string | undefined = '/v2/team/app/tags/list?n=2';
    while (next) {
      const response = await ask(`GET ${next}`);
      seen.push(...((await response.json()) as { tags: string[] }).tags);
      next = /<(.+)>/.exec(response.headers.get('link') ?? '')?.[1];
    }
    assert.deepEqual(seen, ['B', 'a', 'c', 'v1', 'v2']);
    const none = await ask('GET /v2/team/app/tags/list?n=0');
    assert.deepEqual([await none.json(), none.headers.get('link')], [{ name: 'team/app', tags: [] }, null]);
  });

  test('tells the subject of a manifest, and lists who refers to it', async () => {
    const subject = { mediaType: mediaTypes.ociManifest, digest: image.digest, size: image.manifest.length };
    const manifest = JSON.stringify({
      ...JSON.parse(image.manifest.toString()),
      artifactType: 'application/sbom',
      subject,
    });
    const put = await ask(`PUT /v2/team/app/manifests/${digestOf(manifest)}`, {
      body: manifest,
      headers: { 'content-type': mediaTypes.ociManifest },
    });
    assert.equal(put.headers.get('oci-subject'), image.digest);
    const referrers = async (query: string): Promise<[string | null, string[]]> => {
      const response = await ask(`GET /v2/team/app/referrers/${image.digest}${query}`);
      const { manifests } = (await response.json()) as { manifests: { digest: string }[] };
      return [response.headers.get('oci-filters-applied'), manifests.map((each) => each.digest)];
    };
    assert.deepEqual(await referrers(''), [null, [digestOf(manifest)]]);
    assert.deepEqual(await referrers('?artifactType=application/sbom'), [
      'artifactType',
      [digestOf(manifest)],
    ]);
    assert.deepEqual(await referrers('?artifactType=other'), ['artifactType', []]);
    assert.deepEqual(await referrers('?artifactType='), [null, [digestOf(manifest)]]);
  });

  test('tells of a referrer its type, or that of its config, and its annotations; of an index nothing that it does not say', async () => {
    const subject = { mediaType: mediaTypes.ociManifest, digest: image.digest, size: image.manifest.length };
    const plain = JSON.parse(image.manifest.toString());
    const annotations = { 'org.example.key': 'value' };
    const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [], subject };
    const pushed = [
      {
        bytes: JSON.stringify({ ...plain, artifactType: 'application/sbom', subject }),
        type: 'application/sbom',
      },
      {
        bytes: JSON.stringify({ ...plain, subject, annotations }),
        type: plain.config.mediaType,
        annotations,
      },
      { bytes: JSON.stringify(index), type: undefined },
    ];
    for (const { bytes } of pushed) {
      assert.equal((await ask(`PUT /v2/team/app/manifests/${digestOf(bytes)}`, { body: bytes })).status, 201);
    }
    const { manifests } = (await (await ask(`GET /v2/team/app/referrers/${image.digest}`)).json()) as {
      manifests: { digest: string; size: number; artifactType?: string; annotations?: object }[];
    };
    assert.equal(manifests.length, pushed.length);
    for (const { bytes, type, annotations: told } of pushed) {
      const found = manifests.find(({ digest }) => digest === digestOf(bytes));
      assert.deepEqual([found?.size, found?.artifactType, found?.annotations], [bytes.length, type, told]);
    }
  });

  test('lists many referrers in pages, by the links it gives and with the filter kept', async () => {
    const pushed: string[] = [];
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const manifest = referrer(image, `application/${seed === 'e' ? 'other' : 'sbom'}`, seed);
      const put = await ask(`PUT /v2/team/app/manifests/${digestOf(manifest)}`, { body: manifest });
      assert.equal(put.status, 201);
      if (seed !== 'e') pushed.push(digestOf(manifest));
    }
    const seen: string[] = [];
    let next: string | undefined =
      `/v2/team/app/referrers/${image.digest}?n=3&artifactType=${encodeURIComponent('application/sbom')}`;
    for (let pages = 0; next && pages < 5; pages++) {
      const response = await ask(`GET ${next}`);
      assert.equal(response.headers.get('oci-filters-applied'), 'artifactType');
      seen.push(
        ...((await response.json()) as { manifests: { digest: string }[] }).manifests.map(
          (each) => each.digest,
        ),
      );
      next = /<(.+)>/.exec(response.headers.get('link') ?? '')?.[1];
    }
    assert.deepEqual(seen, pushed.sort());
  });

  test('lets one of many win who set a tag where there was none, or move it from what they all saw', async () => {
    const pushes = (headers: Record<string, string>): Promise<number[]> =>
      Promise.all(
        ['a', 'b', 'c', 'd'].map(async (seed) => {
          const body = referrer(image, 'application/x', seed);
          return (await ask('PUT /v2/team/app/manifests/one', { body, headers })).status;
        }),
      );
    assert.deepEqual((await pushes({ 'if-none-match': '*' })).toSorted(ascending), [201, 412, 412, 412]);
    await ask('PUT /v2/team/app/manifests/one', { body: image.manifest });
    const seen = (await ask('HEAD /v2/team/app/manifests/one')).headers.get('etag')!;
    assert.deepEqual((await pushes({ 'if-match': seen })).toSorted(ascending), [201, 412, 412, 412]);
  });

  test('lists a referrer once that a client also named under the tag it falls back to', async () => {
    const manifest = referrer(image, 'application/sbom', 'fallback');
    const descriptor = {
      mediaType: mediaTypes.ociManifest,
      digest: digestOf(manifest),
      size: manifest.length,
    };
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: [{ ...descriptor, artifactType: 'application/sbom' }],
    });
    await ask(`PUT /v2/team/app/manifests/${digestOf(manifest)}`, { body: manifest });
    await ask(`PUT /v2/team/app/manifests/${image.digest.replace(':', '-')}`, { body: index });
    const response = await ask(`GET /v2/team/app/referrers/${image.digest}`);
    const { manifests } = (await response.json()) as { manifests: { digest: string }[] };
    assert.deepEqual(
      manifests.map(({ digest }) => digest),
      [descriptor.digest],
    );
  });

  for (const [kind, mediaType] of [
    ["Docker's image", mediaTypes.dockerManifest],
    ["Docker's list", mediaTypes.dockerManifestList],
    ['sparse index', mediaTypes.ociIndex],
    ['an artifact of the retired type', mediaTypes.ociArtifact],
  ] as const) {
    test(`gives ${kind} back byte for byte, under its own type`, async () => {
      const { config, layers } = JSON.parse(image.manifest.toString());
      const absent = { mediaType: mediaTypes.ociIndex, digest: digestOf('absent'), size: 6 };
      const indexed = { manifests: [absent] };
      const inside = {
        [mediaTypes.dockerManifest]: { config, layers },
        [mediaTypes.dockerManifestList]: indexed,
        [mediaTypes.ociIndex]: indexed,
        [mediaTypes.ociArtifact]: { artifactType: 'application/x', blobs: layers },
      }[mediaType];
      // Spaces and the order of the keys are part of what was hashed.
      const bytes = `${JSON.stringify({ mediaType, ...inside, schemaVersion: 2 }, null, 3)}\n`;
      const put = await ask('PUT /v2/team/app/manifests/typed', {
        body: bytes,
        headers: { 'content-type': mediaType },
      });
      assert.equal(put.status, 201, await put.text());
      const got = await ask('GET /v2/team/app/manifests/typed');
      assert.equal(got.headers.get('content-type'), mediaType);
      assert.equal(await got.text(), bytes);
    });
  }

  test('takes, mounts, shows and deletes what is named by sha512, too', async () => {
    const bytes = Buffer.from('a blob by sha512');
    const digest = digestOf(bytes, 'sha512');
    const location = (await ask('POST /v2/team/app/blobs/uploads/?digest-algorithm=sha512')).headers.get(
      'location',
    )!;
    await ask(`PATCH ${location}`, { body: bytes.subarray(0, 5) });
    assert.equal((await ask(`PUT ${location}?digest=${digest}`, { body: bytes.subarray(5) })).status, 201);
    assert.equal((await ask(`POST /v2/team/other/blobs/uploads/?mount=${digest}&from=team/app`)).status, 201);
    assert.equal(await (await ask(`GET /v2/team/other/blobs/${digest}`)).text(), bytes.toString());
    assert.equal((await ask(`DELETE /v2/team/other/blobs/${digest}`)).status, 202);
    assert.equal((await ask(`HEAD /v2/team/other/blobs/${digest}`)).status, 404);
    assert.equal((await ask(`HEAD /v2/team/app/blobs/${digest}`)).status, 200);
  });

  test('answers the reason for refusing a large body, though it did not read it', async () => {
    const response = await ask('PUT /v2/team/app/manifests/large', { body: Buffer.alloc(20_000_000, ' ') });
    assert.equal(response.status, 413);
  });
});
