// A manifest exactly as it was pushed: what its digest is of.
import type { RegistryClient } from '../../client/registry.ts';
import { registryError } from '../../client/registry-error.ts';
import { parseObject } from '../../json-object.ts';

const accept = [
  '*/*',
  'application/vnd.cncf.oras.artifact.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** @param reference a tag or a digest. @throws CliError worded as az words it */
export async function readManifest(
  client: RegistryClient,
  repository: string,
  reference: string,
  actions = 'pull',
): Promise<Buffer> {
  const response = await client.send<Buffer>({
    path: `/v2/${repository}/manifests/${reference}`,
    scope: `repository:${repository}:${actions}`,
    headers: { accept },
    responseType: 'arraybuffer',
  });
  const { status, data, headers } = response;
  if (status >= 400) throw registryError({ status, data: parseObject(data.toString()), headers });
  return data;
}
