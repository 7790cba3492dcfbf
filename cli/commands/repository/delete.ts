// `az acr repository delete`: a whole repository, or the manifest behind an image with every tag on it.
import { command } from '../../command.ts';
import type { RegistryClient } from '../../client/registry.ts';
import { readPages } from '../../client/registry-pages.ts';
import { resolveRepositories } from '../../client/repository-globs.ts';
import type { Context } from '../../context.ts';
import { yes } from '../../options/yes.ts';
import { userOf } from '../registry/login.ts';
import { digestOf } from './metadata.ts';
import {
  imageOption,
  metadataPath,
  repositoryCommandOptions,
  repositoryOption,
  type Target,
  targetOf,
} from './options.ts';

export default command({
  options: { ...repositoryCommandOptions, image: imageOption, repository: repositoryOption, yes },
  examples: [
    {
      purpose: 'Delete an image and all its tags.',
      line: 'acrc repository delete -n myregistry --image hello-world:old --yes',
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

interface TagAttributes {
  name: string;
  digest: string;
}

async function deleteImage(
  client: RegistryClient,
  target: Target,
  yes: boolean,
  context: Context,
): Promise<void> {
  const { repository } = target;
  const scope = `repository:${repository}:delete,metadata_read`;
  const path = metadataPath(repository, '/_tags');
  const digest = target.digest ?? (await digestOf(client, target, scope));
  const tags = await readPages<TagAttributes>(client, { path, scope, top: undefined }, 'tags');
  const names = tags.filter((tag) => tag.digest === digest).map(({ name }) => `'${repository}:${name}'`);
  const told = `This operation will delete the manifest '${digest}' and all the following images: ${names.join(', ')}`;
  if (yes) context.warn(told);
  await context.confirm(`${told}.\nAre you sure you want to continue?`, yes);
  await client.expect({ method: 'DELETE', path: `/v2/${repository}/manifests/${digest}`, scope });
}
