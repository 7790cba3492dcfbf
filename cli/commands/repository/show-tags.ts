// `az acr repository show-tags`. A registry without ACR's metadata API (405, or a 404 that is not about the repository) still lists names.
import { command } from '../../command.ts';
import type { RegistryClient } from '../../client/registry.ts';
import { RegistryError } from '../../client/registry-error.ts';
import { readPages } from '../../client/registry-pages.ts';
import { flag, text } from '../../parse/option.ts';
import { userOf } from '../registry/login.ts';
import { orderQuery, pageOptions } from './metadata.ts';
import { metadataPath, repositoryCommandOptions } from './options.ts';

interface TagAttributes {
  name: string;
}

export default command({
  options: {
    ...repositoryCommandOptions,
    repository: text('--repository', 'The name of the repository.', {
      required: true,
      resource: 'repository',
    }),
    ...pageOptions,
    detail: flag('--detail', 'Show the attributes of each tag, its digest among them.'),
  },
  examples: [
    {
      purpose: 'Show the newest ten tags.',
      line: 'acrc repository show-tags -n myregistry --repository hello-world --orderby time_desc --top 10',
    },
    {
      purpose: 'Show digests and times beside the names.',
      line: 'acrc repository show-tags -n myregistry --repository hello-world --detail -o table',
    },
  ],
  async run({ repository, top, orderby, detail, username, password, ...options }, context) {
    const client = await context.dataPlane(await context.registry(options), userOf(username, password));
    try {
      const request = {
        path: metadataPath(repository, '/_tags'),
        query: orderQuery(orderby),
        scope: `repository:${repository}:metadata_read`,
        top,
      };
      const tags = await readPages<TagAttributes>(client, request, 'tags');
      return detail ? tags : tags.map(({ name }) => name);
    } catch (error) {
      if (hasNoMetadata(error)) return plainTags(client, repository, top);
      throw error;
    }
  },
});

function hasNoMetadata(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  return error.status === 405 || (error.status === 404 && error.code === undefined);
}

function plainTags(client: RegistryClient, repository: string, top: number | undefined): Promise<string[]> {
  const request = { path: `/v2/${repository}/tags/list`, scope: `repository:${repository}:pull`, top };
  return readPages<string>(client, request, 'tags');
}
