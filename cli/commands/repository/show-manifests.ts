// `az acr repository show-manifests`, the older name of `manifest list-metadata`.
import { command } from '../../command.ts';
import { flag, text } from '../../parse/option.ts';
import { userOf } from '../registry/login.ts';
import { listManifests, pageOptions } from './metadata.ts';
import { repositoryCommandOptions } from './options.ts';

export default command({
  options: {
    ...repositoryCommandOptions,
    repository: text('--repository', 'The name of the repository.', {
      required: true,
      resource: 'repository',
    }),
    ...pageOptions,
    detail: flag('--detail', 'Show all attributes.'),
  },
  examples: [
    {
      purpose: 'Show the digests of a repository.',
      line: 'acrc repository show-manifests -n myregistry --repository hello-world',
    },
    {
      purpose: 'Show all of their attributes.',
      line: 'acrc repository show-manifests -n myregistry --repository hello-world --detail',
    },
  ],
  async run({ repository, top, orderby, detail, username, password, ...options }, context) {
    const client = await context.dataPlane(await context.registry(options), userOf(username, password));
    const manifests = await listManifests(client, repository, { top, orderby });
    if (detail) return manifests;
    return manifests.map(({ digest, tags = [], lastUpdateTime }) => ({
      digest,
      tags,
      timestamp: lastUpdateTime,
    }));
  },
});
