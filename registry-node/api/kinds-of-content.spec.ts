// What the specification's conformance suite asks of a registry, in its order, over real HTTP: a blob pushed in every way by
// every algorithm; every kind of content pushed, listed, looked at, pulled, asked for its referrers, and deleted.
import { assert, describe } from '../../fixtures/describe.ts';
import { type KindOfContent, kindsOfContent } from '../../fixtures/images/kinds.ts';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';
import { owner, type RequestOptions, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { type Digest, type DigestAlgorithm, digestOf } from '../oci/digest.ts';

const repository = '/v2/team/conformance';
const other = '/v2/team/other';
const algorithms: readonly DigestAlgorithm[] = ['sha256', 'sha512'];

type Ask = (line: string, options?: RequestOptions) => Promise<Response>;
/** @returns the answer to the last request */
type Push = (ask: Ask, bytes: Buffer, digest: Digest) => Promise<Response>;

const begin = async (ask: Ask, query = ''): Promise<string> =>
  (await ask(`POST ${repository}/blobs/uploads/${query}`)).headers.get('location')!;
const withDigest = (location: string, digest: Digest): string =>
  `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`;
const bytesType = { 'content-type': 'application/octet-stream' };

/** Sends `bytes` in three pieces, each to where the answer before it said; the last one with the PUT, if so. */
const inPieces =
  (lastWithPut: boolean): Push =>
  async (ask, bytes, digest) => {
    const third = Math.ceil(bytes.length / 3);
    let location = await begin(ask, `?digest-algorithm=${digest.split(':')[0]}`);
    const pieces = [0, 1, 2].map((n) => ({
      start: n * third,
      body: bytes.subarray(n * third, (n + 1) * third),
    }));
    const last = lastWithPut ? pieces.pop()! : undefined;
    const headersOf = (start: number, body: Buffer) => ({
      ...bytesType,
      'content-range': `${start}-${start + body.length - 1}`,
    });
    for (const { start, body } of pieces) {
      const early = await ask(`PATCH ${location}`, { body, headers: headersOf(start + third, body) });
      assert.equal(early.status, 416);
      const answer = await ask(`PATCH ${location}`, { body, headers: headersOf(start, body) });
      assert.deepEqual([answer.status, answer.headers.get('range')], [202, `0-${start + body.length - 1}`]);
      location = answer.headers.get('location')!;
    }
    const put = last ? { body: last.body, headers: headersOf(last.start, last.body) } : {};
    return ask(`PUT ${withDigest(location, digest)}`, put);
  };

const ways: Record<string, Push> = {
  'with a POST alone': (ask, body, digest) =>
    ask(`POST ${repository}/blobs/uploads/?digest=${digest}`, { body, headers: bytesType }),
  'with a POST and a PUT': async (ask, body, digest) =>
    ask(`PUT ${withDigest(await begin(ask), digest)}`, { body, headers: bytesType }),
  'as a stream': async (ask, body, digest) => {
    const streamed = await ask(`PATCH ${await begin(ask)}`, { body, headers: bytesType });
    return ask(`PUT ${withDigest(streamed.headers.get('location')!, digest)}`);
  },
  'in pieces': inPieces(false),
  'in pieces, the last with the PUT': inPieces(true),
};

/** Distinct contents, and those that everybody has. */
const bodies = (name: string): Buffer[] => [Buffer.concat([...randomBytes(name, 2048)]), Buffer.from('{}')];

describe('what the conformance suite asks', ({ test, before, after }) => {
  let registry: TestRegistry;
  before(async () => {
    registry = await startRegistry();
  });
  after(() => registry.close());
  const ask: Ask = (line, options = {}) => {
    const [method = '', path = ''] = line.split(' ');
    return registry.request(method, path, { as: owner, ...options });
  };

  for (const algorithm of algorithms) {
    for (const [way, push] of Object.entries(ways)) {
      test(`takes a blob of ${algorithm} ${way}`, async () => {
        for (const bytes of bodies(way)) {
          const digest = digestOf(bytes, algorithm);
          const path = `${repository}/blobs/${digest}`;
          assert.equal((await ask(`GET ${path}`)).status, 404);
          const pushed = await push(ask, bytes, digest);
          assert.deepEqual([pushed.status, pushed.headers.get('location')], [201, path]);
          await assertServed(ask, path, { bytes, digest, mediaType: 'application/octet-stream' });
          await deleteAt(ask, path);
        }
      });

      test(`refuses a blob of ${algorithm} ${way} that is not what its digest says`, async () => {
        const digest = digestOf(`bad ${way}`, algorithm);
        assert.equal((await push(ask, bodies('another')[0]!, digest)).status, 400);
        assert.equal((await ask(`HEAD ${repository}/blobs/${digest}`)).status, 404);
      });
    }

    test(`takes an empty blob of ${algorithm}`, async () => {
      const [bytes, digest] = [Buffer.alloc(0), digestOf('', algorithm)];
      const path = `${repository}/blobs/${digest}`;
      assert.equal((await ask(`PUT ${withDigest(await begin(ask), digest)}`)).status, 201);
      await assertServed(ask, path, { bytes, digest, mediaType: 'application/octet-stream' });
      await deleteAt(ask, path);
    });

    test(`mounts a blob of ${algorithm} from where it is, and begins an upload when it is nowhere`, async () => {
      const bytes = Buffer.from(`mounted ${algorithm}`);
      const digest = digestOf(bytes, algorithm);
      const mount = `POST ${repository}/blobs/uploads/?mount=${digest}`;
      assert.equal((await ask(`${mount}&from=team/other`)).status, 202);
      await ask(`POST ${other}/blobs/uploads/?digest=${digest}`, { body: bytes, headers: bytesType });
      for (const from of ['&from=team/other', '']) {
        assert.equal((await ask(`${mount}${from}`)).status, 201);
        await deleteAt(ask, `${repository}/blobs/${digest}`);
      }
    });
  }

  test('sends the ranges of a blob', async () => {
    const bytes = bodies('ranges')[0]!;
    const digest = digestOf(bytes);
    await ways['with a POST alone']!(ask, bytes, digest);
    const rows: [range: string, start: number, end: number][] = [
      ['500-1499', 500, 1499],
      ['500-', 500, 2047],
      ['-500', 1548, 2047],
      ['2000-5000', 2000, 2047],
    ];
    for (const [range, start, end] of rows) {
      const part = await ask(`GET ${repository}/blobs/${digest}`, { headers: { range: `bytes=${range}` } });
      assert.deepEqual(
        [part.status, part.headers.get('content-range'), part.headers.get('content-length')],
        [206, `bytes ${start}-${end}/2048`, String(end - start + 1)],
      );
      assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end + 1)));
    }
    for (const range of ['500-0', '5000-10000']) {
      const none = await ask(`GET ${repository}/blobs/${digest}`, { headers: { range: `bytes=${range}` } });
      assert.equal(none.status, 416);
    }
  });

  for (const kind of kindsOfContent) {
    for (const byParameter of [false, true]) {
      test(`keeps ${kind.name}${byParameter ? ', tagged by parameter' : ''}`, async () => {
        await push(kind, byParameter);
        await assertPulled(kind);
        await assertReferrers(kind);
        await remove(kind);
      });
    }
  }

  test('refuses a manifest that is not what its digest says, or under what is no digest', async () => {
    const [{ digest, bytes, mediaType }] = kindsOfContent[0]!.manifests as [KindOfContent['manifests'][0]];
    const headers = { 'content-type': mediaType };
    for (const { bytes: blob, digest: of } of kindsOfContent[0]!.blobs)
      await ways['with a POST alone']!(ask, blob, of);
    const longer = Buffer.concat([bytes, Buffer.from('  ')]);
    assert.equal((await ask(`PUT ${repository}/manifests/${digest}`, { body: longer, headers })).status, 400);
    for (const method of ['PUT', 'GET']) {
      const body = method === 'PUT' ? { body: bytes } : {};
      const answer = await ask(`${method} ${repository}/manifests/sha256:bad`, { ...body, headers });
      assert.equal(answer.status, 400);
    }
  });

  async function push({ blobs, manifests, tag }: KindOfContent, byParameter: boolean): Promise<void> {
    for (const { bytes, digest } of blobs)
      assert.equal((await ways['with a POST and a PUT']!(ask, bytes, digest)).status, 201);
    for (const { bytes, digest, mediaType } of manifests) {
      const tagged = tag !== undefined && manifests.at(-1)!.digest === digest;
      const path = `${repository}/manifests/${digest}${byParameter && tagged ? `?tag=${tag}` : ''}`;
      const put = { body: bytes, headers: { 'content-type': mediaType } };
      const pushed = await ask(`PUT ${path}`, put);
      assert.deepEqual(
        [pushed.status, pushed.headers.get('docker-content-digest'), pushed.headers.get('oci-subject')],
        [201, digest, subjectOf(bytes) ?? null],
      );
      if (!tagged) continue;
      if (byParameter) assert.equal(pushed.headers.get('oci-tag'), tag);
      // By a tag alone, the digest is of the canonical algorithm.
      else if (digest.startsWith('sha512')) await ask(`PUT ${path}?tag=${tag}`, put);
      else assert.equal((await ask(`PUT ${repository}/manifests/${tag}`, put)).status, 201);
    }
  }

  async function assertPulled({ blobs, manifests, tag }: KindOfContent): Promise<void> {
    const { tags } = (await (await ask(`GET ${repository}/tags/list`)).json()) as { tags: string[] };
    assert.deepEqual(tags, tag === undefined ? [] : [tag]);
    if (tag !== undefined) await assertServed(ask, `${repository}/manifests/${tag}`, manifests.at(-1)!);
    for (const each of manifests) await assertServed(ask, `${repository}/manifests/${each.digest}`, each);
    for (const { digest, bytes } of blobs) {
      const served = { digest, bytes, mediaType: 'application/octet-stream' };
      await assertServed(ask, `${repository}/blobs/${digest}`, served);
    }
  }

  async function assertReferrers({ manifests }: KindOfContent): Promise<void> {
    const referring = manifests.filter(({ bytes }) => subjectOf(bytes) !== undefined);
    for (const subject of new Set(referring.map(({ bytes }) => subjectOf(bytes)!))) {
      const expected = referring.filter(({ bytes }) => subjectOf(bytes) === subject).map(descriptorOf);
      const list = async (query = ''): Promise<Response> =>
        ask(`GET ${repository}/referrers/${subject}${query}`);
      assert.deepEqual(await manifestsOf(await list()), expected.toSorted(byDigest));
      for (const type of new Set(expected.map(({ artifactType }) => artifactType))) {
        const filtered = await list(`?artifactType=${encodeURIComponent(type!)}`);
        assert.equal(filtered.headers.get('oci-filters-applied'), 'artifactType');
        const ofType = expected.filter(({ artifactType }) => artifactType === type);
        assert.deepEqual(await manifestsOf(filtered), ofType.toSorted(byDigest));
      }
    }
  }

  async function remove({ blobs, manifests, tag }: KindOfContent): Promise<void> {
    if (tag !== undefined) await deleteAt(ask, `${repository}/manifests/${tag}`);
    for (const { digest } of manifests.toReversed()) await deleteAt(ask, `${repository}/manifests/${digest}`);
    for (const digest of new Set(blobs.map((blob) => blob.digest)))
      await deleteAt(ask, `${repository}/blobs/${digest}`);
  }
});

interface ReferrerDescriptor {
  mediaType: string;
  digest: string;
  size: number;
  artifactType: string | undefined;
  annotations: Record<string, string> | undefined;
}

interface ReferringManifest {
  artifactType?: string;
  config?: { mediaType: string };
  annotations?: Record<string, string>;
  subject?: { digest: string };
}

/** What a list of referrers says of a manifest. */
function descriptorOf({ digest, bytes, mediaType }: KindOfContent['manifests'][0]): ReferrerDescriptor {
  const { artifactType, config, annotations } = JSON.parse(bytes.toString()) as ReferringManifest;
  return {
    mediaType,
    digest,
    size: bytes.length,
    artifactType: artifactType ?? config?.mediaType,
    annotations,
  };
}

/** In order of their digests; what is absent is undefined. */
async function manifestsOf(referrers: Response): Promise<ReferrerDescriptor[]> {
  const { manifests } = (await referrers.json()) as { manifests: Partial<ReferrerDescriptor>[] };
  const whole = manifests.map(({ mediaType, digest, size, artifactType, annotations }) => ({
    mediaType,
    digest,
    size,
    artifactType,
    annotations,
  }));
  return (whole as ReferrerDescriptor[]).toSorted(byDigest);
}

function byDigest(a: ReferrerDescriptor, b: ReferrerDescriptor): number {
  return a.digest < b.digest ? -1 : 1;
}

function subjectOf(manifest: Buffer): string | undefined {
  return (JSON.parse(manifest.toString()) as ReferringManifest).subject?.digest;
}

async function assertServed(
  ask: Ask,
  path: string,
  { bytes, digest, mediaType }: { bytes: Buffer; digest: Digest; mediaType: string },
): Promise<void> {
  for (const method of ['HEAD', 'GET']) {
    const answer = await ask(`${method} ${path}`, { headers: { accept: '*/*' } });
    assert.deepEqual(
      ['content-length', 'content-type', 'docker-content-digest'].map((name) => answer.headers.get(name)),
      [String(bytes.length), mediaType, digest],
    );
    assert.equal(answer.status, 200);
    const body = Buffer.from(await answer.arrayBuffer());
    assert.ok(body.equals(method === 'HEAD' ? Buffer.alloc(0) : bytes));
  }
}

/** And the next look finds nothing. */
async function deleteAt(ask: Ask, path: string): Promise<void> {
  assert.equal((await ask(`DELETE ${path}`)).status, 202);
  assert.equal((await ask(`HEAD ${path}`)).status, 404);
}
