// `az acr repository show-tags`. A registry without ACR's metadata API (405, or a 404 that is not about the repository) still lists names.
import { command } from '../../command.ts';
import type { RegistryClient } from '../../client/registry.ts';
import { RegistryError } from '../../client/registry-error.ts';
import { readPages } from '../../client/registry-pages.ts';
import { isPattern, resolveRepositories } from '../../client/repository-globs.ts';
import { flag, text } from '../../parse/option.ts';
import { userOf } from '../registry/login.ts';
import { orderQuery, pageOptions } from './metadata.ts';
import { metadataPath, repositoryCommandOptions } from './options.ts';

interface TagAttributes {
  name: string;
  /** Where several were asked for. */
  repository?: string;
}

export default command({
  options: {
    ...repositoryCommandOptions,
    repository: text(
      '--repository',
      "The name of the repository. A pattern such as 'team/*' stands for all that it matches; their tags are shown as 'repository:tag'.",
      { required: true, resource: 'repository' },
    ),
    ...pageOptions,
    detail: flag('--detail', 'Show the attributes of each tag, its digest among them.'),
  },
  examples: [
    {
      purpose: 'Show the newest ten tags.',
      line: 'acrc repository show-tags -n myregistry --repository hello-world --orderby time_desc --top 10',
    },
    {
      purpose: 'Show the tags of all repositories of a team.',
      line: "acrc repository show-tags -n myregistry --repository 'team/**' -o tsv",
    },
    {
      purpose: 'Show digests and times beside the names.',
      line: 'acrc repository show-tags -n myregistry --repository hello-world --detail -o table',
    },
  ],
  async run({ repository, username, password, top, orderby, detail, ...options }, context) {
    const client = await context.dataPlane(await context.registry(options), userOf(username, password));
    if (!isPattern(repository)) return tagsOf(client, repository, { top, orderby, detail });
    const all: (string | TagAttributes)[] = [];
    for (const name of await resolveRepositories(context, client, repository)) {
      const tags = await tagsOf(client, name, { top, orderby, detail });
      all.push(...tags.map((tag) => ofRepository(name, tag)));
    }
    return all;
  },
});

function ofRepository(repository: string, tag: string | TagAttributes): string | TagAttributes {
  return typeof tag === 'string' ? `${repository}:${tag}` : { repository, ...tag };
}

interface Shown {
  top: number | undefined;
  orderby: string | undefined;
  detail: boolean;
}

async function tagsOf(
  client: RegistryClient,
  repository: string,
  { top, orderby, detail }: Shown,
): Promise<string[] | TagAttributes[]> {
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
}

function hasNoMetadata(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  return error.status === 405 || (error.status === 404 && error.code === undefined);
}

function plainTags(client: RegistryClient, repository: string, top: number | undefined): Promise<string[]> {
  const request = { path: `/v2/${repository}/tags/list`, scope: `repository:${repository}:pull`, top };
  return readPages<string>(client, request, 'tags');
}
