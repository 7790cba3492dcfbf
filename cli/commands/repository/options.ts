// What the commands on repositories share: the registry, who signs in, and how an image is named.
import { failure } from '../../errors.ts';
import { group, registryUser, tenantSuffix } from '../../options/registry.ts';
import { text } from '../../parse/option.ts';

export const repositoryCommandOptions = {
  registry: text('--name --registry -n -r', 'The name of the container registry.', {
    required: true,
    configured: 'acr',
    resource: 'registry',
  }),
  group,
  ...registryUser,
  tenantSuffix,
};

export const imageOption = text('--image -t', "The image: 'repository:tag' or 'repository@digest'.");
/** For commands that take patterns, too (matching.ts). */
export const imagesOption = text(
  '--image -t',
  "The image: 'repository:tag' or 'repository@digest'. A pattern such as 'app:pr-*' stands for all that it matches.",
);
export const repositoriesOption = text(
  '--repository',
  "The name of the repository. A pattern such as 'team/*' stands for all that it matches.",
  { resource: 'repository' },
);
export const repositoryOption = text('--repository', 'The name of the repository.', {
  resource: 'repository',
});

/** An image, or the repository alone. */
export type Target = { repository: string; tag?: string; digest?: string };

/** @throws CliError unless exactly one of the two is given */
export function targetOf(image: string | undefined, repository: string | undefined): Target {
  if ((image === undefined) === (repository === undefined)) {
    throw failure(
      'Usage error: You need to provide either --image IMAGE | --repository REPOSITORY, but not both',
    );
  }
  return image === undefined ? { repository: repository! } : parseImage(image);
}

/** A name without a tag means `latest`, as it does for docker. */
export function parseImage(image: string): { repository: string; tag?: string; digest?: string } {
  const at = image.indexOf('@');
  if (at > 0) return { repository: image.slice(0, at), digest: image.slice(at + 1) };
  const colon = image.lastIndexOf(':');
  return colon > 0
    ? { repository: image.slice(0, colon), tag: image.slice(colon + 1) }
    : { repository: image, tag: 'latest' };
}

/** The path of a repository's metadata; its slashes are part of the path, as az sends them. */
export function metadataPath(repository: string, rest = ''): string {
  return `/acr/v1/${repository.split('/').map(encodeURIComponent).join('/')}${rest}`;
}
