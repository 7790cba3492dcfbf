// `az acr manifest list`: the manifests themselves.
import { command } from '../../command.ts';
import { manifestView } from '../../views/manifest.ts';
import { listManifests, pageOptions } from '../repository/metadata.ts';
import { readManifest } from './bytes.ts';
import { openRepository, repositoryOptions } from './options.ts';

export default command({
  options: { ...repositoryOptions, ...pageOptions },
  examples: [
    {
      purpose: 'List the manifests of a repository.',
      line: 'acrc manifest list -r myregistry -n hello-world -o table',
    },
    {
      purpose: 'See those of the newest ten.',
      line: 'acrc manifest list -r myregistry -n hello-world --top 10 --orderby time_desc',
    },
  ],
  view: manifestView,
  async run({ top, orderby, ...options }, context) {
    const { client, target } = await openRepository(context, options);
    const { repository } = target;
    const actions = 'pull,metadata_read';
    const all: unknown[] = [];
    for (const { digest } of await listManifests(client, repository, { top, orderby, actions })) {
      all.push(JSON.parse((await readManifest(client, repository, digest, actions)).toString()));
    }
    return all;
  },
});
