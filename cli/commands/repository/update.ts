// `az acr repository update`: locks a repository or image against deletion, change or pulls, hides it, or lifts that.
import { command } from '../../command.ts';
import { userOf } from '../registry/login.ts';
import { changeAttributes, lockOptions, requireLock } from './metadata.ts';
import { imageOption, repositoryCommandOptions, repositoryOption, targetOf } from './options.ts';

export default command({
  options: {
    ...repositoryCommandOptions,
    image: imageOption,
    repository: repositoryOption,
    ...lockOptions,
  },
  examples: [
    {
      purpose: 'Lock an image.',
      line: 'acrc repository update -n myregistry --image hello-world:1.0 --write-enabled false',
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
    return changeAttributes(client, target, locks);
  },
});
