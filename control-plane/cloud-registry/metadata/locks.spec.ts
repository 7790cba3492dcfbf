// Locks over real HTTP: each switch, on each of the three things that have it, against every verb that could meet it. What a
// row does not name must go on working.
import { assert, describe } from '../../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../../fixtures/images/stored.ts';
import { owner, type RequestOptions, startRegistry, type TestRegistry } from '../../../fixtures/registry.ts';
import { type AttributeName, attributeNames } from '../../../registry-node/content/attributes.ts';
import { obeyLocks } from '../../../registry-node/content/locks.ts';
import { digestOf } from '../../../registry-node/oci/digest.ts';
import { mediaTypes } from '../../../registry-node/oci/media-type.ts';
import { parseRepositoryName } from '../../../registry-node/oci/name.ts';
import { parseTag } from '../../../registry-node/oci/reference.ts';

const app = parseRepositoryName('team/app');
const image = buildImage('locks', [1500]);
const layer = image.blobs[1]!;
const loose = buildImage('loose').blobs[1]!;
const another = JSON.stringify({ ...JSON.parse(image.manifest.toString()), annotations: { another: 'one' } });
const text = 'a blob';
const manifest = (body: string | Buffer): RequestOptions => ({
  body,
  headers: { 'content-type': mediaTypes.ociManifest },
});

const pulls = {
  'pull by tag': ['GET /v2/team/app/manifests/v1'],
  'head by tag': ['HEAD /v2/team/app/manifests/v1'],
  'pull by another tag': ['GET /v2/team/app/manifests/v2'],
  'pull by digest': [`GET /v2/team/app/manifests/${image.digest}`],
  'pull a blob': [`GET /v2/team/app/blobs/${layer.digest}`],
  'head of a blob': [`HEAD /v2/team/app/blobs/${layer.digest}`],
  'list referrers': [`GET /v2/team/app/referrers/${image.digest}`],
} as const;
const pushes = {
  'push the tag again': ['PUT /v2/team/app/manifests/v1', manifest(image.manifest)],
  'move the tag': ['PUT /v2/team/app/manifests/v1', manifest(another)],
  'move the tag by digest': [`PUT /v2/team/app/manifests/${digestOf(another)}?tag=v1`, manifest(another)],
  'push the manifest': [`PUT /v2/team/app/manifests/${image.digest}`, manifest(image.manifest)],
  'tag the manifest anew': ['PUT /v2/team/app/manifests/v3', manifest(image.manifest)],
  'push another image': ['PUT /v2/team/app/manifests/v4', manifest(another)],
  'begin an upload': ['POST /v2/team/app/blobs/uploads/'],
  'upload at once': [`POST /v2/team/app/blobs/uploads/?digest=${digestOf(text)}`, { body: text }],
  'mount a blob': [`POST /v2/team/app/blobs/uploads/?mount=${layer.digest}&from=other`],
  'mount a blob from anywhere': [`POST /v2/team/app/blobs/uploads/?mount=${layer.digest}`],
} as const;
const deletes = {
  untag: ['DELETE /v2/team/app/manifests/v1'],
  'untag by metadata': ['DELETE /acr/v1/team/app/_tags/v1'],
  'untag another': ['DELETE /v2/team/app/manifests/v2'],
  'delete the manifest': [`DELETE /v2/team/app/manifests/${image.digest}`],
  'delete a blob': [`DELETE /v2/team/app/blobs/${layer.digest}`],
  'delete a blob of no image': [`DELETE /v2/team/app/blobs/${loose.digest}`],
  'delete the repository': ['DELETE /acr/v1/team/app'],
} as const;
/** Looking, and turning the switch on again, is always allowed. */
const others = {
  'show the repository': ['GET /acr/v1/team/app'],
  'show the tag': ['GET /acr/v1/team/app/_tags/v1'],
  'show the manifest': [`GET /acr/v1/team/app/_manifests/${image.digest}`],
  'list tags': ['GET /v2/team/app/tags/list'],
  'list manifests': ['GET /acr/v1/team/app/_manifests'],
  unlock: ['PATCH /acr/v1/team/app', { body: '{"writeEnabled":true}' }],
} as const;

const verbs: Record<string, readonly [line: string, options?: RequestOptions]> = {
  ...pulls,
  ...pushes,
  ...deletes,
  ...others,
};

const things = {
  repository: '/acr/v1/team/app',
  tag: '/acr/v1/team%2Fapp/_tags/v1',
  manifest: `/acr/v1/team/app/_manifests/${encodeURIComponent(image.digest)}`,
} as const;
type Thing = keyof typeof things;

const deletesOfTheTag = [
  'untag',
  'untag by metadata',
  'delete the manifest',
  'delete a blob',
  'delete the repository',
];
const deletesOfTheManifest = ['delete the manifest', 'delete a blob', 'delete the repository'];

/** What each switch refuses, once it is off. */
const refused: Record<Thing, Record<AttributeName, readonly string[]>> = {
  repository: {
    readEnabled: Object.keys(pulls),
    writeEnabled: [...Object.keys(pushes), ...Object.keys(deletes)],
    deleteEnabled: Object.keys(deletes),
    listEnabled: [],
  },
  tag: {
    readEnabled: ['pull by tag', 'head by tag'],
    writeEnabled: ['push the tag again', 'move the tag', 'move the tag by digest', ...deletesOfTheTag],
    deleteEnabled: deletesOfTheTag,
    listEnabled: [],
  },
  manifest: {
    readEnabled: ['pull by tag', 'head by tag', 'pull by another tag', 'pull by digest'],
    writeEnabled: [
      'push the tag again',
      'push the manifest',
      'tag the manifest anew',
      ...deletesOfTheManifest,
    ],
    deleteEnabled: deletesOfTheManifest,
    listEnabled: [],
  },
};

describe(
  'a lock',
  ({ test, before, after }) => {
    let registry: TestRegistry;
    before(async () => {
      registry = await startRegistry({ loginServer: true });
      await storeImage(registry.content, 'other', image, ['v1']);
      await storeImage(registry.content, 'other', buildImage('loose'), ['v2']);
    });
    after(() => registry.close());
    const ask = ([line, options = {}]: readonly [string, RequestOptions?]): Promise<Response> => {
      const [method = '', path = ''] = line.split(' ');
      return registry.request(method, path, { as: owner, ...options });
    };
    const lock = async (thing: Thing, name: AttributeName, on = false): Promise<void> => {
      const response = await ask([`PATCH ${things[thing]}`, { body: JSON.stringify({ [name]: on }) }]);
      assert.equal(response.status, 200, await response.text());
    };
    const fresh = async (): Promise<void> => {
      await registry.content.deleteRepository(app, { origin: 'client' });
      await storeImage(registry.content, app, image, ['v1', 'v2']);
      await registry.content.linkBlob(app, loose.digest);
    };

    for (const thing of Object.keys(things) as Thing[]) {
      for (const name of attributeNames) {
        test(`of ${name} on a ${thing} refuses what it should, and nothing else`, async () => {
          for (const [verb, request] of Object.entries(verbs)) {
            await fresh();
            await lock(thing, name);
            const response = await ask(request);
            const body = await response.text();
            const expected = refused[thing][name].includes(verb);
            assert.equal(response.status === 405, expected, `${verb}: ${response.status} ${body}`);
            assert.ok(response.status < 500 && response.status !== 403, `${verb}: ${response.status}`);
            if (expected && body !== '') {
              const [error] = JSON.parse(body).errors;
              assert.equal(error.code, 'REGISTRY_DISALLOWED_OPERATION');
              assert.match(
                error.message,
                /^The operation is disallowed on this registry, repository or image\./,
              );
              assert.deepEqual(error.detail, {});
            }
          }
        });
      }
    }

    test('is as it was told to be until it is told otherwise, and goes with what it was on', async () => {
      await fresh();
      await lock('tag', 'deleteEnabled');
      await lock('tag', 'readEnabled');
      await lock('tag', 'deleteEnabled', true);
      const moved = await ask(['PUT /v2/team/app/manifests/v1', manifest(another)]);
      assert.equal(moved.status, 201);
      const shown = (await (await ask([`GET ${things.tag}`])).json()) as {
        tag: { digest: string; changeableAttributes: object };
      };
      assert.equal(shown.tag.digest, digestOf(another));
      assert.deepEqual(shown.tag.changeableAttributes, {
        deleteEnabled: true,
        writeEnabled: true,
        readEnabled: false,
        listEnabled: true,
      });
      assert.equal((await ask(['DELETE /v2/team/app/manifests/v1'])).status, 202);
      assert.equal((await ask(['PUT /v2/team/app/manifests/v1', manifest(another)])).status, 201);
      assert.equal((await ask(['GET /v2/team/app/manifests/v1'])).status, 200);
    });

    test('of listEnabled hides from every list what is still there by its name', async () => {
      const names = async (path: string, ...keys: string[]): Promise<unknown[]> => {
        const body = (await (await ask([`GET ${path}`])).json()) as Record<string, unknown[]>;
        const [list = '', name] = keys;
        return name === undefined
          ? body[list]!
          : body[list]!.map((entry) => (entry as Record<string, unknown>)[name]);
      };
      await fresh();
      await lock('tag', 'listEnabled');
      assert.deepEqual(await names('/v2/team/app/tags/list', 'tags'), ['v2']);
      assert.deepEqual(await names('/acr/v1/team/app/_tags', 'tags', 'name'), ['v2']);
      await lock('manifest', 'listEnabled');
      assert.deepEqual(await names('/acr/v1/team/app/_manifests', 'manifests', 'digest'), []);
      await lock('repository', 'listEnabled');
      assert.deepEqual(await names('/v2/_catalog', 'repositories'), ['other']);
      assert.deepEqual(await names('/acr/v1/_catalog', 'repositories'), ['other']);
      assert.equal((await ask(['GET /v2/team/app/manifests/v1'])).status, 200);
      const gone = (await (await ask(['DELETE /acr/v1/team/app'])).json()) as object;
      assert.deepEqual(gone, { manifestsDeleted: [image.digest], tagsDeleted: ['v1', 'v2'] });
    });

    test('of writeEnabled on a repository stops an upload that was begun before it, and lets it go on afterwards', async () => {
      await fresh();
      const begun = await ask(['POST /v2/team/app/blobs/uploads/']);
      const location = begun.headers.get('location')!;
      const steps: [line: string, status: number][] = [
        [`PATCH ${location}`, 202],
        [`PUT ${location}?digest=${digestOf(text)}`, 201],
      ];
      for (const [line, status] of steps) {
        const body = line.startsWith('PATCH') ? { body: text } : {};
        await lock('repository', 'writeEnabled');
        assert.equal((await ask([line, body])).status, 405);
        assert.equal((await ask([`GET ${location}`])).status, 204);
        await lock('repository', 'writeEnabled', true);
        assert.equal((await ask([line, body])).status, status);
      }
    });

    test('holds from the next request on for who has a token and just asked the same', async () => {
      await fresh();
      const scope = 'scope=repository:team/app:pull,metadata_read';
      const granted = await ask([`GET /oauth2/token?service=s&${scope}`]);
      const { access_token: token } = (await granted.json()) as { access_token: string };
      const headers = { authorization: `Bearer ${token}` };
      const statusOf = async (line: string): Promise<number> => {
        const [method = '', path = ''] = line.split(' ');
        return (await registry.request(method, path, { headers })).status;
      };
      for (const [line] of Object.values(pulls)) {
        assert.deepEqual([await statusOf(line), await statusOf(line)], [200, 200], line);
        await lock('repository', 'readEnabled');
        assert.equal(await statusOf(line), 405, line);
        await lock('repository', 'readEnabled', true);
        assert.equal(await statusOf(line), 200, line);
      }
    });

    test('of readEnabled keeps other repositories from mounting, which fall back to an upload', async () => {
      await fresh();
      await registry.content.unlinkBlob(parseRepositoryName('other'), layer.digest);
      const mount = (query: string) => ask([`POST /v2/third/blobs/uploads/?mount=${layer.digest}${query}`]);
      await lock('repository', 'readEnabled');
      assert.equal((await mount('&from=team/app')).status, 202);
      assert.equal((await mount('')).status, 202);
      await lock('repository', 'readEnabled', true);
      assert.equal((await mount('&from=team/app')).status, 201);
      await storeImage(registry.content, 'other', image, ['v1']);
    });

    test('on a tag gives way to a forced import, and one on the repository does not', async () => {
      await fresh();
      const forced = obeyLocks(registry.content, { overwriteTags: true });
      const { digest } = await registry.content.putManifest(
        { repository: app, bytes: Buffer.from(another), mediaType: mediaTypes.ociManifest },
        { origin: 'client' },
      );
      const move = (content = forced): Promise<boolean> =>
        content.tag(app, parseTag('v1'), digest, { origin: 'client' });
      await lock('tag', 'writeEnabled');
      await assert.rejects(move(obeyLocks(registry.content)), { code: 'REGISTRY_DISALLOWED_OPERATION' });
      await move();
      await lock('repository', 'writeEnabled');
      await assert.rejects(move(), { code: 'REGISTRY_DISALLOWED_OPERATION' });
    });
  },
  { timeoutMs: 30_000 },
);
