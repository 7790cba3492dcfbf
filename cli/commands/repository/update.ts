// `az acr repository update`: locks a repository or image against deletion, change or pulls, hides it, or lifts that.
import { command } from '../../command.ts';
import type { RegistryClient } from '../../client/registry.ts';
import { resolveRepositories } from '../../client/repository-globs.ts';
import type { Context } from '../../context.ts';
import { userOf } from '../registry/login.ts';
import { changeAttributes, lockOptions, requireLock } from './metadata.ts';
import { matchingImages, namesMany } from './matching.ts';
import {
  imagesOption,
  repositoriesOption,
  repositoryCommandOptions,
  type Target,
  targetOf,
} from './options.ts';

export default command({
  options: {
    ...repositoryCommandOptions,
    image: imagesOption,
    repository: repositoriesOption,
    ...lockOptions,
  },
  examples: [
    {
      purpose: 'Lock an image.',
      line: 'acrc repository update -n myregistry --image hello-world:1.0 --write-enabled false',
    },
    {
      purpose: 'Lock all releases of a repository.',
      line: "acrc repository update -n myregistry --image 'hello-world:v*' --write-enabled false",
    },
    {
      purpose: 'Protect a repository and all its images from deletion.',
      line: 'acrc repository update -n myregistry --repository hello-world --delete-enabled false',
    },
  ],
  async run({ image, repository, username, password, ...options }, context) {
    const { deleteEnabled, listEnabled, readEnabled, writeEnabled, ...where } = options;
    const locks = { deleteEnabled, listEnabled, readEnabled, writeEnabled };
    requireLock(locks);
    const target = targetOf(image, repository);
    const client = await context.dataPlane(await context.registry(where), userOf(username, password));
    const targets = await targetsOf(context, client, target);
    const changed: unknown[] = [];
    for (const each of targets) changed.push(await changeAttributes(client, each, locks));
    return targets.length === 1 ? changed[0] : changed;
  },
});

async function targetsOf(context: Context, client: RegistryClient, target: Target): Promise<Target[]> {
  if (namesMany(target)) {
    const images = await matchingImages(context, client, target, 'metadata_read');
    return images.map(({ repository, tag }) => ({ repository, tag }));
  }
  if (target.digest !== undefined || target.tag !== undefined) return [target];
  const names = await resolveRepositories(context, client, target.repository);
  return names.map((repository) => ({ repository }));
}
