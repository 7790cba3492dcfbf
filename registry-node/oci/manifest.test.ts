// What a manifest needs and points at, and which manifests are none.
import { assert, describe } from '../../fixtures/describe.ts';
import { digestOf } from './digest.ts';
import { OciError } from './errors.ts';
import { parseManifest } from './manifest.ts';
import { manifestMediaTypes, mediaTypes } from './media-type.ts';

const descriptor = (seed: string, more: object = {}) => ({
  mediaType: 'application/octet-stream',
  digest: digestOf(seed),
  size: 10,
  ...more,
});
const image = (more: object = {}) => ({
  schemaVersion: 2,
  mediaType: mediaTypes.ociManifest,
  config: descriptor('config', { mediaType: mediaTypes.ociConfig }),
  layers: [descriptor('one'), descriptor('two', { urls: ['https://elsewhere.example'] })],
  ...more,
});
const parse = (json: unknown, type?: string) => parseManifest(Buffer.from(JSON.stringify(json)), type);

const invalid: [what: string, bytes: string | Uint8Array, type?: string][] = [
  ['nothing', ''],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0x7d])],
  ['schema version 1', JSON.stringify(image({ schemaVersion: 1 }))],
  ['an image without config', JSON.stringify(image({ config: undefined }))],
  ['layers that are no list', JSON.stringify(image({ layers: {} }))],
  ['a digest that is none', JSON.stringify(image({ config: { ...descriptor('x'), digest: 'sha256:x' } }))],
  ['a negative size', JSON.stringify(image({ layers: [descriptor('x', { size: -1 })] }))],
  ['a size that is no whole number', JSON.stringify(image({ layers: [descriptor('x', { size: 1.5 })] }))],
  ['annotations that are no texts', JSON.stringify(image({ annotations: { a: 1 } }))],
  ['a subject that is none', JSON.stringify(image({ subject: 'x' }))],
  ['another type than the request says', JSON.stringify(image()), mediaTypes.dockerManifest],
  ['ten thousand and one layers', JSON.stringify(image({ layers: Array(10_001).fill(descriptor('x')) }))],
  ['an index of what is no list', JSON.stringify({ schemaVersion: 2, manifests: 1 })],
  ['of a type of its own that nobody knows', JSON.stringify(image({ mediaType: 'application/vnd.x+json' }))],
  [
    'of a type that nobody knows by its request',
    JSON.stringify(image({ mediaType: undefined })),
    'application/vnd.x+json',
  ],
  ['an image and an index at once', JSON.stringify(image({ manifests: [] }))],
  [
    'an index and an image at once',
    JSON.stringify({ schemaVersion: 2, manifests: [], layers: [] }),
    mediaTypes.ociIndex,
  ],
  ['an index with a config', JSON.stringify({ schemaVersion: 2, manifests: [], config: descriptor('c') })],
  ['an artifact manifest of no type', JSON.stringify({ mediaType: mediaTypes.ociArtifact })],
  [
    "in Docker's first format",
    JSON.stringify({ schemaVersion: 1, fsLayers: [] }),
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
  ],
];

describe('a manifest', ({ test }) => {
  test('needs its config and layers, and not those that are fetched from elsewhere', () => {
    const manifest = parse(image());
    assert.deepEqual(
      manifest.blobs.map((blob) => blob.digest),
      [digestOf('config'), digestOf('one')],
    );
    assert.deepEqual(manifest.manifests, []);
    assert.equal(manifest.artifactType, mediaTypes.ociConfig);
  });

  test('has the media type of the request, else its own, else what it looks like', () => {
    const bare = image({ mediaType: undefined });
    assert.equal(
      parse(bare, `${mediaTypes.dockerManifest}; charset=utf-8`).mediaType,
      mediaTypes.dockerManifest,
    );
    assert.equal(parse(image(), 'application/json').mediaType, mediaTypes.ociManifest);
    assert.equal(parse(bare).mediaType, mediaTypes.ociManifest);
    assert.equal(parse({ schemaVersion: 2, manifests: [] }).mediaType, mediaTypes.ociIndex);
  });

  test('is an index that points at others and needs no blob', () => {
    const index = parse(
      { schemaVersion: 2, manifests: [descriptor('child')] },
      mediaTypes.dockerManifestList,
    );
    assert.deepEqual([index.blobs.length, index.manifests[0]?.digest], [0, digestOf('child')]);
  });

  test('may refer to a subject and say what it is', () => {
    const manifest = parse(
      image({ artifactType: 'application/sbom', subject: descriptor('s'), annotations: { a: 'b' } }),
    );
    assert.equal(manifest.subject?.digest, digestOf('s'));
    assert.equal(manifest.artifactType, 'application/sbom');
    assert.deepEqual(manifest.annotations, { a: 'b' });
  });

  test('may leave out what programs in Go write as null', () => {
    const nothing = { urls: null, annotations: null, artifactType: null, platform: null };
    const manifest = parse(image({ layers: null, subject: null, annotations: null, artifactType: null }));
    assert.deepEqual(
      [manifest.blobs.length, manifest.subject, manifest.annotations],
      [1, undefined, undefined],
    );
    const [child] = parse({ schemaVersion: 2, manifests: [descriptor('child', nothing)] }).manifests;
    assert.deepEqual([child?.urls, child?.annotations, child?.platform], [undefined, undefined, undefined]);
  });

  test('that leaves its types empty has those that it would have without them', () => {
    assert.equal(parse(image({ artifactType: '', mediaType: '' })).artifactType, mediaTypes.ociConfig);
    const index = { schemaVersion: 2, mediaType: '', artifactType: '', manifests: [] };
    assert.equal(parse(index, mediaTypes.ociIndex).artifactType, undefined);
  });

  test('may be of the retired type for artifacts, whose blobs it needs', () => {
    const artifact = {
      mediaType: mediaTypes.ociArtifact,
      artifactType: 'application/sbom',
      blobs: [descriptor('sbom')],
      subject: descriptor('s'),
    };
    const manifest = parse(artifact, mediaTypes.ociArtifact);
    assert.deepEqual(
      manifest.blobs.map(({ digest }) => digest),
      [digestOf('sbom')],
    );
    assert.deepEqual(manifest.kept, [digestOf('sbom')]);
    assert.deepEqual([manifest.artifactType, manifest.subject?.digest], ['application/sbom', digestOf('s')]);
    assert.equal(manifest.config, undefined);
  });

  test('of a type that is not taken is told which are', () => {
    const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    assert.throws(() => parse({ schemaVersion: 1 }, type), {
      message:
        `the manifest is of the type '${type}', which is not stored here; push it as ` +
        manifestMediaTypes.join(', '),
    });
  });

  for (const [what, bytes, type] of invalid) {
    test(`is not ${what}`, () => {
      assert.throws(
        () => parseManifest(Buffer.from(bytes as string), type),
        (error) => error instanceof OciError && error.code === 'MANIFEST_INVALID',
      );
    });
  }
});
