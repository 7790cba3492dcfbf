// From the body of importImage to a job that can run.
import { OciError } from '../../../../registry-node/oci/errors.ts';
import { parseImageReference } from '../../../../registry-node/oci/reference.ts';
import { ArmError } from '../../../arm/errors.ts';
import { keyOf, parseRegistryId, type ResourceKey } from '../../../arm/resource-id.ts';
import type { ImportJob } from '../../../cloud-registry/import/job.ts';
import type { Resource } from '../../../store/resource.ts';
import type { ResourceReader } from '../../../store/resources.ts';
import { registryKind, type RegistryProperties } from '../schema.ts';
import type { ImportImageInput } from './schema.ts';

/** @throws ArmError InvalidPropertyValue, LinkedResourceNotFound */
export async function toImportJob(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  input: ImportImageInput,
): Promise<ImportJob> {
  const { source } = input;
  const targetTags = input.targetTags ?? [];
  const untaggedTargetRepositories = input.untaggedTargetRepositories ?? [];
  checkImage(source.sourceImage, 'source.sourceImage');
  for (const text of targetTags) checkTarget(text, 'targetTags');
  for (const text of untaggedTargetRepositories) checkTarget(text, 'untaggedTargetRepositories');
  return {
    registry: keyOf(registry.id),
    registryId: registry.id,
    source: source.resourceId
      ? { registry: await checkSourceRegistry(reader, source.resourceId) }
      : { host: checkHost(source.registryUri) },
    hasCredentials: Boolean(source.credentials),
    image: source.sourceImage,
    targetTags,
    untaggedTargetRepositories,
    force: input.mode === 'Force',
  };
}

function checkTarget(text: string, target: string): void {
  if (text.includes('@'))
    throw invalid(`'${text}' names a digest; a target is repository or repository:tag.`, target);
  checkImage(text, target);
}

function checkImage(text: string, target: string): void {
  try {
    parseImageReference(text);
  } catch (error) {
    if (error instanceof OciError) throw invalid(`'${text}' is not an image: ${error.message}.`, target);
    throw error;
  }
}

async function checkSourceRegistry(reader: ResourceReader, id: string): Promise<ResourceKey> {
  const target = 'source.resourceId';
  const key = parseRegistryId(id, target);
  if (await reader.get(registryKind, key)) return key;
  throw new ArmError(
    'LinkedResourceNotFound',
    `The source registry '${id}' does not exist in this control plane.`,
    target,
  );
}

/** A host, and a port when it has one; a scheme before it and a slash after it are dropped. */
function checkHost(text: string | null | undefined): string {
  const target = 'source.registryUri';
  if (!text)
    throw invalid('Either source.registryUri or source.resourceId must say where the image is.', target);
  // Not repeated: what stands before it may be a secret.
  if (text.includes('@'))
    throw invalid(
      'The login server of the source holds credentials. Give them as source.credentials.',
      target,
    );
  const host = text.replace(/^https:\/\//i, '').replace(/\/$/, '');
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : undefined;
  const bare = url && `${url.pathname}${url.search}${url.hash}` === '/' && !host.includes('/');
  if (!bare)
    throw invalid(`'${text}' is not the login server of a registry, like myregistry.azurecr.io.`, target);
  return host;
}

function invalid(message: string, target: string): ArmError {
  return new ArmError('InvalidPropertyValue', message, target);
}
