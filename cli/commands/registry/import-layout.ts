// `acrc import --source oci:…`: an OCI layout of this machine, pushed over /v2 with the rules of importImage.
import { stat } from 'node:fs/promises';
import type { RegistryClient } from '../../client/registry.ts';
import { registryError } from '../../client/registry-error.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { chooseImage } from '../../oci-layout/choose.ts';
import { openLayout } from '../../oci-layout/layout.ts';
import { pushImage, scopeOf } from '../../oci-layout/push.ts';
import { OciError } from '../../../registry-node/oci/errors.ts';
import { type ImageReference, parseImageReference } from '../../../registry-node/oci/reference.ts';

export interface LayoutSource {
  path: string;
  /** Which image of the layout; absent: the only one. */
  name: string | undefined;
}

interface Targets {
  image: string[] | undefined;
  repository: string[] | undefined;
  force: boolean;
}

const prefix = 'oci:';

/** @returns undefined when the source is not on this machine */
export async function parseLayoutSource(source: string): Promise<LayoutSource | undefined> {
  if (!source.startsWith(prefix)) return undefined;
  const path = source.slice(prefix.length);
  const exists = await stat(path).catch(() => undefined);
  const colon = path.lastIndexOf(':');
  // A path may itself hold a colon, so what exists as written wins.
  return exists || colon < 0
    ? { path, name: undefined }
    : { path: path.slice(0, colon), name: path.slice(colon + 1) };
}

export async function importFromLayout(
  context: Context,
  registry: RegistryId,
  { path, name }: LayoutSource,
  { image = [], repository = [], force }: Targets,
): Promise<void> {
  if (image.length + repository.length === 0) {
    throw failure(
      'An OCI layout does not say where it belongs.',
      "Give the target, e.g. '--image hello-world:latest'.",
    );
  }
  const tagged = image.map((target) => {
    const { repository, tag } = parseTarget(target);
    return { repository, tag: tag ?? name ?? 'latest' };
  });
  const untagged = repository.map((target) => parseTarget(target).repository);
  const layout = await openLayout(path);
  const root = await chooseImage(layout, name);
  const client = await context.dataPlane(registry);
  // All are looked at before anything is sent, as importImage does.
  if (!force) for (const target of tagged) await refuseExisting(client, target);
  const wanted = [...tagged, ...untagged.map((one) => ({ repository: one, tag: root.digest }))];
  for (const target of wanted) {
    await context.counting(`Pushing '${target.repository}'`, (progress) =>
      pushImage(
        {
          client,
          layout,
          repository: target.repository,
          mountFrom: target === wanted[0] ? undefined : wanted[0]?.repository,
          progress,
          onBlob: (digest, bytes, sent) =>
            context.explain(`${digest} ${sent ? `sent (${bytes} bytes)` : 'exists'}`),
        },
        root,
        target.tag,
      ),
    );
  }
}

/** @throws CliError that says what importImage would */
function parseTarget(text: string): { repository: string; tag: string | undefined } {
  let parsed: ImageReference;
  try {
    parsed = parseImageReference(text);
  } catch (error) {
    if (error instanceof OciError) throw failure(`'${text}' is not an image: ${error.message}.`);
    throw error;
  }
  const { repository, reference } = parsed;
  if (reference?.digest === undefined) return { repository, tag: reference?.tag };
  throw failure(`'${text}' names a digest; a target is repository or repository:tag.`);
}

async function refuseExisting(
  client: RegistryClient,
  { repository, tag }: { repository: string; tag: string },
): Promise<void> {
  const response = await client.send({
    method: 'HEAD',
    path: `/v2/${repository}/manifests/${tag}`,
    scope: scopeOf(repository),
    headers: { accept: '*/*' },
  });
  if (response.status === 200) {
    throw failure(
      `(Conflict) Tag ${repository}:${tag} already exists in target registry.`,
      '--force overwrites it.',
    );
  }
  if (response.status !== 404) throw registryError(response);
}
