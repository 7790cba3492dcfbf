// `az acr repository update`: locks a repository or image against deletion, change or pulls, hides it, or lifts that.
import { command } from '../../command.ts';
import { failure } from '../../errors.ts';
import { threeState } from '../../parse/option.ts';
import { userOf } from '../registry/login.ts';
import {
  imageOption,
  metadataPath,
  repositoryCommandOptions,
  repositoryOption,
  targetOf,
} from './options.ts';

export default command({
  options: {
    ...repositoryCommandOptions,
    image: imageOption,
    repository: repositoryOption,
    deleteEnabled: threeState('--delete-enabled', 'Whether it may be deleted.'),
    listEnabled: threeState('--list-enabled', 'Whether lists show it.'),
    readEnabled: threeState('--read-enabled', 'Whether it may be pulled.'),
    writeEnabled: threeState('--write-enabled', 'Whether it may be changed or deleted.'),
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
    const changes = { deleteEnabled, listEnabled, readEnabled, writeEnabled };
    if (Object.values(changes).every((value) => value === undefined)) {
      throw failure(
        'You must provide at least one of --delete-enabled, --list-enabled, --read-enabled and --write-enabled.',
      );
    }
    const { repository: name, tag, digest } = targetOf(image, repository);
    const client = await context.dataPlane(await context.registry(where), userOf(username, password));
    const change = async <T>(rest: string): Promise<T> => {
      const response = await client.expect<T>({
        method: 'PATCH',
        path: metadataPath(name, rest),
        scope: `repository:${name}:metadata_write,metadata_read`,
        headers: { 'content-type': 'application/json' },
        data: changes,
      });
      return response.data;
    };
    if (digest !== undefined) return (await change<{ manifest: unknown }>(`/_manifests/${digest}`)).manifest;
    if (tag !== undefined) return (await change<{ tag: unknown }>(`/_tags/${tag}`)).tag;
    return change('');
  },
});
