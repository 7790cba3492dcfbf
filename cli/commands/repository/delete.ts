// `az acr repository delete`: a whole repository, or the manifest behind an image with every tag on it.
import { command } from '../../command.ts';
import type { RegistryClient } from '../../client/registry.ts';
import { resolveRepositories, someOf } from '../../client/repository-globs.ts';
import type { Context } from '../../context.ts';
import { yes } from '../../options/yes.ts';
import { userOf } from '../registry/login.ts';
import { matchingImages, nameOf, namesMany, type TaggedImage, tagsOf } from './matching.ts';
import { digestOf } from './metadata.ts';
import {
  imagesOption,
  metadataPath,
  repositoriesOption,
  repositoryCommandOptions,
  type Target,
  targetOf,
} from './options.ts';

export default command({
  options: { ...repositoryCommandOptions, image: imagesOption, repository: repositoriesOption, yes },
  examples: [
    {
      purpose: 'Delete an image and all its tags.',
      line: 'acrc repository delete -n myregistry --image hello-world:old --yes',
    },
    {
      purpose: 'Delete all images whose tags match a pattern; they are shown first.',
      line: "acrc repository delete -n myregistry --image 'hello-world:pr-*'",
    },
    {
      purpose: 'Delete a repository.',
      line: 'acrc repository delete -n myregistry --repository hello-world --yes',
    },
    {
      purpose: 'Delete all repositories whose names match a pattern; they are shown first.',
      line: "acrc repository delete -n myregistry --repository 'old/**'",
    },
  ],
  async run({ image, repository, yes, username, password, ...options }, context) {
    const target = targetOf(image, repository);
    const client = await context.dataPlane(await context.registry(options), userOf(username, password));
    if (namesMany(target)) return deleteMatching(client, target, yes, context);
    if (target.tag !== undefined || target.digest !== undefined)
      return deleteImage(client, target, yes, context);
    const names = await resolveRepositories(context, client, target.repository);
    const which = names.length === 1 ? `repository '${names[0]}'` : `${names.length} repositories`;
    await context.confirm(`Are you sure you want to delete the ${which} and all images under it?`, yes);
    const deleted: unknown[] = [];
    for (const name of names) deleted.push(await deleteRepository(client, name));
    return deleted.length === 1 ? deleted[0] : deleted;
  },
});

async function deleteRepository(client: RegistryClient, name: string): Promise<unknown> {
  const scope = `repository:${name}:delete`;
  return (await client.expect({ method: 'DELETE', path: metadataPath(name), scope })).data;
}

const actions = 'delete,metadata_read';

async function deleteImage(
  client: RegistryClient,
  target: Target,
  yes: boolean,
  context: Context,
): Promise<void> {
  const { repository } = target;
  const scope = `repository:${repository}:${actions}`;
  const digest = target.digest ?? (await digestOf(client, target, scope));
  const tags = await tagsOf(client, repository, actions);
  const names = tags.filter((tag) => tag.digest === digest).map((image) => `'${nameOf(image)}'`);
  const told = `This operation will delete the manifest '${digest}' and all the following images: ${names.join(', ')}`;
  if (yes) context.warn(told);
  await context.confirm(`${told}.\nAre you sure you want to continue?`, yes);
  await client.expect({ method: 'DELETE', path: `/v2/${repository}/manifests/${digest}`, scope });
}

/** Each manifest that a matching tag names, with all its other tags. */
async function deleteMatching(
  client: RegistryClient,
  target: Target,
  yes: boolean,
  context: Context,
): Promise<void> {
  const manifests = new Map<string, TaggedImage>();
  for (const image of await matchingImages(context, client, target, actions))
    manifests.set(`${image.repository}@${image.digest}`, image);
  const lost: string[] = [];
  for (const repository of new Set([...manifests.values()].map((image) => image.repository))) {
    const tags = await tagsOf(client, repository, actions);
    lost.push(...tags.filter(({ digest }) => manifests.has(`${repository}@${digest}`)).map(nameOf));
  }
  const [many, tags] = [manifests.size !== 1, lost.length === 1 ? 'tag' : 'tags'];
  const told = `This operation will delete ${manifests.size} ${many ? 'manifests and their' : 'manifest and its'} ${lost.length} ${tags}: ${someOf(lost)}`;
  if (yes) context.warn(told);
  await context.confirm(`${told}.\nAre you sure you want to continue?`, yes);
  for (const { repository, digest } of manifests.values()) {
    const scope = `repository:${repository}:${actions}`;
    await client.expect({ method: 'DELETE', path: `/v2/${repository}/manifests/${digest}`, scope });
  }
}
