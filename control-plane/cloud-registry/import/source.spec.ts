// A registry of the same control plane as a source: its blobs come without a network, and let go of their files.
import { assert, describe } from '../../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../../fixtures/images/stored.ts';
import { readFlow } from '../../../fixtures/read-flow.ts';
import { startRegistry, type TestRegistry } from '../../../fixtures/registry.ts';
import type { Content } from '../../../registry-node/content/content.ts';
import { contentSource } from './source.ts';

/** More than fits between a source that sends and a target that does not take. */
const layerBytes = 4 * 1024 * 1024;

describe('a blob of a registry here', ({ before, after, test }) => {
  let registry: TestRegistry;
  const image = buildImage('source', [0, layerBytes]);
  before(async () => {
    registry = await startRegistry();
    await storeImage(registry.content, 'app', image, ['v1']);
  });
  after(() => registry.close());

  test('comes as it is, also when it is empty', async () => {
    const source = contentSource(registry.content, 'here');
    for (const { digest, bytes } of image.blobs)
      assert.deepEqual(await readFlow(await source.openBlob('app', digest)), bytes);
  });

  test('is not held open when its target takes nothing more', async () => {
    let sending: Promise<void> | undefined;
    const sendBlob: Content['sendBlob'] = (...words) => (sending = registry.content.sendBlob(...words));
    const watched: Content = Object.create(registry.content, { sendBlob: { value: sendBlob } });
    const flow = await contentSource(watched, 'here').openBlob('app', image.blobs.at(-1)!.digest);
    await assert.rejects(
      flow(() => {
        throw new Error('the disk is full');
      }),
      /disk is full/,
    );
    await assert.rejects(sending!);
  });
});
