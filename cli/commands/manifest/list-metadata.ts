// `az acr manifest list-metadata`.
import { command } from '../../command.ts';
import { listManifests, pageOptions } from '../repository/metadata.ts';
import { openRepository, repositoryOptions } from './options.ts';

export default command({
  options: { ...repositoryOptions, ...pageOptions },
  examples: [
    {
      purpose: 'List what is known of the manifests of a repository.',
      line: 'acrc manifest list-metadata -r myregistry -n hello-world',
    },
    {
      purpose: 'Get the digests without a tag.',
      line: 'acrc manifest list-metadata -r myregistry -n hello-world --query "[?tags==null].digest" -o tsv',
    },
  ],
  async run({ top, orderby, ...options }, context) {
    const { client, target } = await openRepository(context, options);
    return listManifests(client, target.repository, { top, orderby });
  },
});
