// Images to synchronise, as small to make as they are many: layers of random bytes, none of which is stored twice.
import { createHash, randomUUID } from 'node:crypto';
import { openRawRegistry } from '../../fixtures/clients/raw-registry.ts';
import type { ClientToken } from '../../fixtures/provision.ts';
import { makeBlobs } from '../load/blobs.ts';
import { Connection, manifestType } from '../load/connection.ts';
import { expect, push } from '../load/load.ts';

export interface ImageSet {
  /** Of images with three layers each. */
  count: number;
  layerMebibytes: number;
}

const layersPerImage = 3;
const connectionsAtOnce = 8;
const mebibyte = 1024 * 1024;

/** Pushes the images, a tag each, to a registry on this machine. Bytes differ in each run: no cache knows them. */
export async function pushImages(
  port: number,
  repository: string,
  token: ClientToken,
  { count, layerMebibytes }: ImageSet,
): Promise<void> {
  const { authorization } = await openRawRegistry(`localhost:${port}`, repository, token);
  const registry = { name: 'cloud', port, pid: 0, authorization, close: async () => undefined };
  const layers = makeBlobs(randomUUID(), layerMebibytes, count * layersPerImage);
  await push(registry, repository, layers, connectionsAtOnce);
  const connection = await Connection.open(port);
  for (let index = 0; index < count; index++) {
    const config = configOf(`${repository}-${index}`);
    await push(registry, repository, [{ digest: digestOf(config), pieces: [config, Buffer.alloc(0)] }], 1);
    const own = layers.slice(index * layersPerImage, (index + 1) * layersPerImage);
    const body = [manifestOf(config, own, layerMebibytes * mebibyte)];
    const path = `/v2/${repository}/manifests/${tagOf(index)}`;
    expect(
      201,
      await connection.ask({ method: 'PUT', path, authorization, body, contentType: manifestType }),
    );
  }
  connection.close();
}

const tagOf = (index: number): string => `v${index}`;

function configOf(name: string): Buffer {
  const rootfs = { type: 'layers', diff_ids: [] };
  return Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', author: name, rootfs }));
}

function manifestOf(config: Buffer, layers: readonly { digest: string }[], layerBytes: number): Buffer {
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: digestOf(config),
        size: config.length,
      },
      layers: layers.map(({ digest }) => ({ mediaType, digest, size: layerBytes })),
    }),
  );
}

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
