// `az acr repository list`.
import { command } from '../../command.ts';
import { readPages } from '../../client/registry-pages.ts';
import { integer } from '../../parse/option.ts';
import { userOf } from '../registry/login.ts';
import { repositoryCommandOptions } from './options.ts';

export default command({
  options: {
    ...repositoryCommandOptions,
    top: integer('--top', 'Show at most so many.', { min: 1, max: 1_000_000 }),
  },
  examples: [
    { purpose: 'List the repositories of a registry.', line: 'acrc repository list -n myregistry -o tsv' },
    {
      purpose: 'List the first ten, signed in as a token.',
      line: 'acrc repository list -n myregistry --top 10 -u reader -p <password>',
    },
  ],
  async run({ top, username, password, ...options }, context) {
    const registry = await context.registry(options);
    const client = await context.dataPlane(registry, userOf(username, password));
    const request = { path: '/v2/_catalog', scope: 'registry:catalog:*', top };
    return readPages<string>(client, request, 'repositories');
  },
});
