// The data-plane SDK of Azure, as it is on npm, against a login server: an image goes up and comes down, and is looked at.
import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type AzureSdk, collect, openAzureSdk } from '../../fixtures/clients/azure-sdk.ts';
import { type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { provision, registry } from '../../fixtures/provisioned-cloud.ts';

const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe(
  'The data-plane SDK',
  ({ before, after, test }) => {
    // More than one of the SDK's chunks of 4 MiB.
    const layer = randomBytes(9 * 1024 * 1024 + 17);
    const config = Buffer.from('{"architecture":"amd64","os":"linux"}');
    let cloud: Cloud;
    let sdk: AzureSdk;
    let host: string;
    let digest: string;

    before(async () => {
      cloud = await startCloud();
      await provision(cloud);
      host = (await cloud.arm('GET', registry)).text('properties.loginServer');
      sdk = await openAzureSdk(cloud);
    });
    after(() => cloud.close());

    test('uploads blobs and sets a manifest', async () => {
      const content = sdk.content(host, 'team/hello');
      const layers = await content.uploadBlob(layer);
      assert.equal(layers.digest, digestOf(layer));
      assert.equal(layers.sizeInBytes, layer.length);
      const configs = await content.uploadBlob(config);
      const manifest = {
        schemaVersion: 2,
        mediaType,
        config: {
          mediaType: 'application/vnd.oci.image.config.v1+json',
          digest: configs.digest,
          size: configs.sizeInBytes,
        },
        layers: [
          {
            mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
            digest: layers.digest,
            size: layers.sizeInBytes,
          },
        ],
      };
      ({ digest } = await content.setManifest(manifest, { tag: 'v1' }));
      await content.setManifest(manifest, { tag: 'v2' });
      assert.match(digest, /^sha256:/);
    });

    test('downloads what it uploaded, byte for byte', async () => {
      const content = sdk.content(host, 'team/hello');
      const pulled = await content.getManifest('v1');
      assert.equal(pulled.digest, digest);
      assert.equal(pulled.mediaType, mediaType);
      const { layers } = pulled.manifest as { layers: { digest: string }[] };
      const blob = await content.downloadBlob(layers[0]!.digest);
      assert.equal(digestOf(await buffer(blob.content)), digestOf(layer));
    });

    test('lists repositories page by page', async () => {
      await sdk.content(host, 'another').uploadBlob(config);
      for (const repository of ['first', 'second']) {
        const content = sdk.content(host, repository);
        const { digest, sizeInBytes: size } = await content.uploadBlob(config);
        const empty = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size };
        await content.setManifest({ schemaVersion: 2, mediaType, config: empty, layers: [] }, { tag: 'v1' });
      }
      const pages = await collect(sdk.registry(host).listRepositoryNames().byPage({ maxPageSize: 1 }));
      assert.deepEqual(pages.flat(), ['first', 'second', 'team/hello']);
      assert.ok(pages.length >= 3);
    });

    test('reads and locks a repository', async () => {
      const repository = sdk.registry(host).getRepository('team/hello');
      const properties = await repository.getProperties();
      assert.equal(properties.name, 'team/hello');
      assert.equal(properties.registryLoginServer, host);
      assert.equal(properties.manifestCount, 1);
      assert.equal(properties.tagCount, 2);
      assert.ok(properties.createdOn instanceof Date);
      assert.equal((await repository.updateProperties({ canDelete: false })).canDelete, false);
      assert.equal((await repository.updateProperties({ canDelete: true })).canDelete, true);
    });

    test('lists manifests and tags in order', async () => {
      const repository = sdk.registry(host).getRepository('team/hello');
      const manifests = await collect(
        repository.listManifestProperties({ order: 'LastUpdatedOnDescending' }),
      );
      assert.deepEqual(
        manifests.map((each) => each.digest),
        [digest],
      );
      assert.deepEqual(manifests[0]?.tags, ['v1', 'v2']);
      assert.equal(manifests[0]?.architecture, 'amd64');
      const artifact = repository.getArtifact('v1');
      const tags = await collect(artifact.listTagProperties({ order: 'LastUpdatedOnDescending' }));
      assert.deepEqual(
        tags.map((each) => each.name),
        ['v2', 'v1'],
      );
      assert.equal((await artifact.getManifestProperties()).digest, digest);
    });

    test('reads, locks and deletes a tag', async () => {
      const artifact = sdk.registry(host).getArtifact('team/hello', 'v2');
      assert.equal((await artifact.getTagProperties('v2')).digest, digest);
      assert.equal((await artifact.updateTagProperties('v2', { canWrite: false })).canWrite, false);
      await artifact.updateTagProperties('v2', { canWrite: true });
      assert.equal((await artifact.updateManifestProperties({ canWrite: true })).canWrite, true);
      await artifact.deleteTag('v2');
      await assert.rejects(artifact.getTagProperties('v2'), { statusCode: 404 });
    });

    test('deletes an artifact, a manifest, a blob and a repository', async () => {
      await sdk.registry(host).getArtifact('team/hello', 'v1').delete();
      await assert.rejects(sdk.content(host, 'team/hello').getManifest('v1'), { statusCode: 404 });
      const first = sdk.content(host, 'first');
      await first.deleteManifest((await first.getManifest('v1')).digest);
      await first.deleteBlob(digestOf(config));
      await sdk.registry(host).deleteRepository('second');
      // What is not there any more counts as deleted.
      await sdk.registry(host).deleteRepository('second');
      const names = await collect(sdk.registry(host).listRepositoryNames());
      assert.ok(!names.includes('second'), names.join(' '));
    });

    test('without signing in, reads what a registry shows to everybody, and nothing before', async () => {
      const content = sdk.content(host, 'open');
      const { digest, sizeInBytes: size } = await content.uploadBlob(config);
      const empty = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size };
      await content.setManifest({ schemaVersion: 2, mediaType, config: empty, layers: [] }, { tag: 'v1' });
      const artifact = sdk.anonymous(host).getArtifact('open', 'v1');
      await assert.rejects(artifact.getManifestProperties(), { statusCode: 401 });
      await cloud.arm('PATCH', registry, { properties: { anonymousPullEnabled: true } });
      assert.equal((await artifact.getManifestProperties()).tags?.[0], 'v1');
    });
  },
  { ordered: true, timeoutMs: 30_000 },
);
