// `az acr repository show`: the attributes of a repository, a tag or a manifest.
import { command } from '../../command.ts';
import { userOf } from '../registry/login.ts';
import { readAttributes } from './metadata.ts';
import { imageOption, repositoryCommandOptions, repositoryOption, targetOf } from './options.ts';

export default command({
  options: { ...repositoryCommandOptions, image: imageOption, repository: repositoryOption },
  examples: [
    { purpose: 'Show a repository.', line: 'acrc repository show -n myregistry --repository hello-world' },
    {
      purpose: 'Get the digest behind a tag.',
      line: 'acrc repository show -n myregistry --image hello-world:latest --query digest -o tsv',
    },
  ],
  async run({ image, repository, username, password, ...options }, context) {
    const target = targetOf(image, repository);
    const client = await context.dataPlane(await context.registry(options), userOf(username, password));
    return readAttributes(client, target);
  },
});
