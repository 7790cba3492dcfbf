// ACR's metadata API over real HTTP: what it says of repositories, tags and manifests, page by page, and what it refuses.
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../../fixtures/images/stored.ts';
import { owner, type RequestOptions, startRegistry, type TestRegistry } from '../../../fixtures/registry.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';
import { blobLayout } from '../../../registry-node/blobs/layout.ts';
import { digestOf } from '../../../registry-node/oci/digest.ts';
import { mediaTypes } from '../../../registry-node/oci/media-type.ts';
import { parseRepositoryName } from '../../../registry-node/oci/name.ts';

const image = buildImage('metadata', [1500]);
const imageSize = image.manifest.length + image.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0);
const absent = digestOf('absent');
const unlocked = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };
const wireTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/;

/** Two platforms, one of them stored. */
const index = JSON.stringify({
  schemaVersion: 2,
  mediaType: mediaTypes.ociIndex,
  manifests: [
    {
      mediaType: mediaTypes.ociManifest,
      digest: image.digest,
      size: image.manifest.length,
      platform: { architecture: 'amd64', os: 'linux' },
    },
    {
      mediaType: mediaTypes.ociManifest,
      digest: absent,
      size: 6,
      platform: { architecture: 'arm64', os: 'linux' },
    },
  ],
});

type Fields = Record<string, unknown>;

/** Of whichever answer; each has some of it. */
interface Body extends Fields {
  createdTime: string;
  lastUpdateTime: string;
  tag: Fields;
  tags: Fields[];
  manifest: Fields;
  manifests: Fields[];
  errors: { code: string }[];
}

interface Answer {
  status: number;
  link: string | undefined;
  allow: string | null;
  body: Body;
}

const refusals: [ask: string, status: number, code: string, body?: string][] = [
  ['GET /acr/v1/nothing', 404, 'NAME_UNKNOWN'],
  ['GET /acr/v1/nothing/_tags', 404, 'NAME_UNKNOWN'],
  ['GET /acr/v1/nothing/_manifests', 404, 'NAME_UNKNOWN'],
  ['DELETE /acr/v1/nothing', 404, 'NAME_UNKNOWN'],
  ['PATCH /acr/v1/nothing', 404, 'NAME_UNKNOWN', '{}'],
  ['GET /acr/v1/Team', 400, 'NAME_INVALID'],
  ['GET /acr/v1/team/app/_tags/none', 404, 'TAG_UNKNOWN'],
  ['PATCH /acr/v1/team/app/_tags/none', 404, 'TAG_UNKNOWN', '{}'],
  ['DELETE /acr/v1/team/app/_tags/none', 404, 'TAG_UNKNOWN'],
  ['GET /acr/v1/team/app/_tags/-', 400, 'TAG_INVALID'],
  [`GET /acr/v1/team/app/_manifests/${absent}`, 404, 'MANIFEST_UNKNOWN'],
  [`PATCH /acr/v1/team/app/_manifests/${absent}`, 404, 'MANIFEST_UNKNOWN', '{}'],
  ['GET /acr/v1/team/app/_manifests/v1', 400, 'DIGEST_INVALID'],
  ['GET /acr/v1/team/app/_tags?n=0', 400, 'PAGINATION_NUMBER_INVALID'],
  ['GET /acr/v1/team/app/_manifests?n=x', 400, 'PAGINATION_NUMBER_INVALID'],
  ['GET /acr/v1/team/app/_tags?orderby=size', 400, 'REQUEST_INVALID'],
  ['GET /acr/v1/team/app/_manifests?orderby=__proto__', 400, 'REQUEST_INVALID'],
  ['GET /acr/v1/team/app/_tags?digest=v1', 400, 'DIGEST_INVALID'],
  ['PATCH /acr/v1/team/app', 400, 'REQUEST_INVALID', 'no JSON'],
  ['PATCH /acr/v1/team/app', 400, 'REQUEST_INVALID', '{"writeEnabled":"no"}'],
  ['PATCH /acr/v1/team/app', 400, 'REQUEST_INVALID', `{"writeEnabled":true${' '.repeat(20_000)}}`],
  [`DELETE /acr/v1/team/app/_manifests/${image.digest}`, 405, 'UNSUPPORTED'],
  ['PUT /acr/v1/_catalog', 405, 'UNSUPPORTED'],
];

describe('the metadata API', ({ test, before, beforeEach, after }) => {
  let registry: TestRegistry;
  let nowMs = Date.parse('2026-01-02T03:04:05.678Z');
  before(async () => {
    const clock = {
      now: () => new Date(nowMs),
      sleep: () => Promise.reject(new Error('nobody sleeps here')),
    };
    registry = await startRegistry({ loginServer: true, clock });
  });
  beforeEach(async () => {
    await registry.content.deleteRepository(parseRepositoryName('team/app'), { origin: 'client' });
    await storeImage(registry.content, 'team/app', image, ['v1']);
  });
  after(() => registry.close());
  const ask = async (line: string, options: RequestOptions = {}): Promise<Answer> => {
    const [method = '', path = ''] = line.split(' ');
    const response = await registry.request(method, path, { as: owner, ...options });
    const text = await response.text();
    return {
      status: response.status,
      link: /<(.+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1],
      allow: response.headers.get('allow'),
      body: (text === '' ? {} : JSON.parse(text)) as Body,
    };
  };
  const put = async (
    reference: string,
    body: string,
    type: string = mediaTypes.ociManifest,
  ): Promise<void> => {
    nowMs += 1000;
    const headers = { 'content-type': type };
    const { status } = await ask(`PUT /v2/team/app/manifests/${reference}`, { body, headers });
    assert.equal(status, 201);
  };
  /** @param change what somebody does to each entry of a page before the next is asked for */
  const follow = async (
    path: string,
    list: string,
    key: string,
    change: (key: string) => Promise<unknown> = async () => undefined,
  ): Promise<string[]> => {
    const seen: string[] = [];
    for (let next: string | undefined = path, pages = 0; next && pages < 10; pages++) {
      const page: Answer = await ask(`GET ${next}`);
      assert.equal(page.status, 200);
      const keys = (page.body[list] as Record<string, string>[]).map((entry) => entry[key]!);
      for (const each of keys) await change(each);
      seen.push(...keys);
      next = page.link;
    }
    return seen;
  };

  for (const name of ['team/app', 'team%2Fapp']) {
    test(`describes a repository that is written ${name}`, async () => {
      const { status, body } = await ask(`GET /acr/v1/${name}`);
      assert.equal(status, 200);
      const { createdTime, lastUpdateTime, ...rest } = body;
      assert.match(createdTime, wireTime);
      assert.match(lastUpdateTime, wireTime);
      assert.deepEqual(rest, {
        registry: registry.host,
        imageName: 'team/app',
        manifestCount: 1,
        tagCount: 1,
        changeableAttributes: unlocked,
      });
    });
  }

  test('describes a tag, and tells its first push from its last move', async () => {
    const before = (await ask('GET /acr/v1/team/app/_tags/v1')).body;
    await put('v1', index, mediaTypes.ociIndex);
    const { tag, ...heading } = (await ask('GET /acr/v1/team/app/_tags/v1')).body;
    assert.deepEqual(heading, { registry: registry.host, imageName: 'team/app' });
    assert.deepEqual(tag, {
      name: 'v1',
      digest: digestOf(index),
      createdTime: before.tag.createdTime,
      lastUpdateTime: new Date(nowMs).toISOString().replace('Z', '0000Z'),
      signed: false,
      changeableAttributes: unlocked,
    });
    const [listed] = (await ask('GET /acr/v1/team/app/_tags')).body.tags;
    assert.deepEqual(listed, tag);
  });

  test('describes an image with its platform, the type of its config and the size of all of it', async () => {
    const { manifest } = (await ask(`GET /acr/v1/team/app/_manifests/${image.digest}`)).body;
    const { createdTime, lastUpdateTime, ...rest } = manifest;
    assert.match(String(createdTime), wireTime);
    assert.match(String(lastUpdateTime), wireTime);
    assert.deepEqual(rest, {
      digest: image.digest,
      imageSize,
      architecture: 'amd64',
      os: 'linux',
      mediaType: mediaTypes.ociManifest,
      configMediaType: mediaTypes.ociConfig,
      tags: ['v1'],
      changeableAttributes: unlocked,
    });
    assert.deepEqual((await ask('GET /acr/v1/team/app/_manifests')).body.manifests, [manifest]);
  });

  test('describes an image whose config the disk has lost without its platform, until the config is there again', async () => {
    const lost = buildImage('lost', [10]);
    await storeImage(registry.content, 'team/app', lost, ['lost']);
    const { digest } = lost.blobs[0]!;
    const { file } = blobLayout(join(registry.folder, 'content', 'blobs')).blob(digest);
    await unlink(file);
    const listed = async (): Promise<unknown> => {
      const { status, body } = await ask('GET /acr/v1/team/app/_manifests');
      assert.equal(status, 200);
      return body.manifests.find((entry) => entry.digest === lost.digest)?.architecture;
    };
    assert.equal(await listed(), undefined);
    const repository = parseRepositoryName('team/app');
    const isKnown = async (): Promise<boolean> =>
      (await registry.content.blobSize(repository, digest)) !== undefined;
    await waitFor('the loss to be known', async () => !(await isKnown()));
    await storeImage(registry.content, 'team/app', lost, ['lost']);
    assert.equal(await listed(), 'amd64');
  });

  test('names the children of an index where it is asked for alone', async () => {
    await put('multi', index, mediaTypes.ociIndex);
    const path = `/acr/v1/team/app/_manifests/${encodeURIComponent(digestOf(index))}`;
    const { manifest } = (await ask(`GET ${path}`)).body;
    assert.deepEqual(manifest.references, [
      { digest: image.digest, architecture: 'amd64', os: 'linux' },
      { digest: absent, architecture: 'arm64', os: 'linux' },
    ]);
    assert.deepEqual([manifest.imageSize, manifest.architecture], [index.length, undefined]);
    const listed = (await ask('GET /acr/v1/team/app/_manifests')).body.manifests;
    assert.ok(listed.every((each) => !('references' in each)));
  });

  test('pages through lists by the links it gives, which keep order and filter', async () => {
    await put('b', index, mediaTypes.ociIndex);
    await put('a', image.manifest.toString());
    await put('c', image.manifest.toString());
    const tags = (query: string): Promise<string[]> =>
      follow(`/acr/v1/team/app/_tags?${query}`, 'tags', 'name');
    assert.deepEqual(await tags('n=1'), ['a', 'b', 'c', 'v1']);
    assert.deepEqual(await tags('n=3&orderby=none'), ['a', 'b', 'c', 'v1']);
    assert.deepEqual(await tags('n=1&orderby=timeasc'), ['v1', 'b', 'a', 'c']);
    assert.deepEqual(await tags('n=2&orderby=timedesc'), ['c', 'a', 'b', 'v1']);
    assert.deepEqual(await tags(`n=1&digest=${encodeURIComponent(image.digest)}`), ['a', 'c', 'v1']);
    assert.deepEqual(await tags(`digest=${absent}`), []);
    const byTime = '/acr/v1/team/app/_manifests?n=1&orderby=';
    // A tag that moves to a manifest is a change of the manifest.
    const [newest, oldest] = [image.digest, digestOf(index)];
    assert.deepEqual(await follow(`${byTime}timedesc`, 'manifests', 'digest'), [newest, oldest]);
    assert.deepEqual(await follow(`${byTime}timeasc`, 'manifests', 'digest'), [oldest, newest]);
    assert.deepEqual(await follow(byTime, 'manifests', 'digest'), [newest, oldest].sort());
  });

  test('pages by time to the end while what it listed is deleted, or moved', async () => {
    for (const tag of ['a', 'b', 'c', 'd']) await put(tag, image.manifest.toString());
    const list = (order: string, change: (tag: string) => Promise<unknown>): Promise<string[]> =>
      follow(`/acr/v1/team/app/_tags?n=2&orderby=${order}`, 'tags', 'name', change);
    const toMove = new Set(['v1', 'a']);
    const move = async (tag: string): Promise<void> => {
      if (toMove.delete(tag)) await put(tag, index, mediaTypes.ociIndex);
    };
    assert.deepEqual(await list('timeasc', move), ['v1', 'a', 'b', 'c', 'd', 'v1', 'a']);
    const remove = (tag: string): Promise<unknown> => ask(`DELETE /acr/v1/team/app/_tags/${tag}`);
    assert.deepEqual(await list('timedesc', remove), ['a', 'v1', 'd', 'c', 'b']);
  });

  test("spells its links as ACR does, and ends where the order's last entry is gone", async () => {
    await storeImage(registry.content, 'another', image, ['v1']);
    const { link } = await ask('GET /acr/v1/_catalog?n=1');
    assert.equal(link, '/acr/v1/_catalog?last=another&n=1&orderby=');
    assert.deepEqual((await ask(`GET ${link}`)).body, { repositories: ['team/app'] });
    const gone = '/acr/v1/team/app/_tags?last=gone&orderby=timedesc';
    assert.deepEqual((await ask(`GET ${gone}`)).body.tags, []);
  });

  for (const [thing, path, at] of [
    ['repository', '/acr/v1/team/app', ''],
    ['tag', '/acr/v1/team/app/_tags/v1', 'tag'],
    ['manifest', `/acr/v1/team/app/_manifests/${image.digest}`, 'manifest'],
  ] as const) {
    test(`turns the switches that are named on a ${thing}, and answers with all of it`, async () => {
      const changed = await ask(`PATCH ${path}`, { body: '{"listEnabled":false,"readEnabled":false}' });
      assert.equal(changed.status, 200);
      const shown = await ask(`GET ${path}`);
      assert.deepEqual(changed.body, shown.body);
      const { changeableAttributes }: Fields = at === '' ? shown.body : shown.body[at];
      assert.deepEqual(changeableAttributes, { ...unlocked, listEnabled: false, readEnabled: false });
      assert.deepEqual((await ask(`PATCH ${path}`, { body: '{}' })).body, shown.body);
    });
  }

  for (const [line, status, code, body] of refusals) {
    test(`refuses ${line.replaceAll(/sha256:\w+/g, 'a digest')}${body === undefined ? '' : ` ${body.trim().slice(0, 40)}`}`, async () => {
      const answer = await ask(line, body === undefined ? {} : { body });
      assert.deepEqual([answer.status, answer.body.errors[0]?.code], [status, code]);
      assert.equal(answer.allow !== null, status === 405);
    });
  }

  test('deletes a repository with all that is in it, and says what that was', async () => {
    await put('multi', index, mediaTypes.ociIndex);
    const { status, body } = await ask('DELETE /acr/v1/team/app');
    assert.equal(status, 202);
    assert.deepEqual(body, {
      manifestsDeleted: [image.digest, digestOf(index)].sort(),
      tagsDeleted: ['multi', 'v1'],
    });
    assert.equal((await ask('GET /acr/v1/team/app')).status, 404);
  });
});
