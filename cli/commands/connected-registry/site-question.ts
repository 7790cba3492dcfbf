// What is asked about a site: all that comes there, one repository of it, or one image.
import type { SiteRepository } from '../../client/on-site.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import { failure } from '../../errors.ts';
import { parseImage } from '../repository/options.ts';

export interface Question {
  name: string;
  repository: string | undefined;
  /** One image of it. */
  tag: string | undefined;
  digest: string | undefined;
}

export function targetOf(image: string | undefined, repository: string | undefined): Omit<Question, 'name'> {
  if (image === undefined) return { repository, tag: undefined, digest: undefined };
  if (repository !== undefined) throw failure('Usage error: --image and --repository exclude each other.');
  const { tag, digest, ...target } = parseImage(image);
  return { repository: target.repository, tag, digest };
}

/** @throws CliError when there is nothing that could ever be on site */
export function refuseNothing(
  registry: RegistryId,
  found: readonly SiteRepository[],
  asked: readonly SiteRepository[],
  { name, repository, tag, digest }: Question,
): void {
  if (found.length === 0) {
    throw failure(
      `'${name}' synchronises no repository '${repository}' that the registry has.`,
      `'acrc connected-registry permissions show -r ${registry.name} -n ${name}' shows what it may synchronise.`,
    );
  }
  if (tag !== undefined && asked.every(({ tags }) => tags.length === 0)) {
    throw failure(
      `The registry has no image '${repository}:${tag}'.`,
      `'acrc repository show-tags -n ${registry.name} --repository ${repository}' shows the tags there are.`,
    );
  }
  if (digest !== undefined && asked.every(({ manifest }) => manifest === undefined)) {
    throw failure(
      `The registry has no image '${repository}@${digest}'.`,
      `'acrc manifest list-metadata -r ${registry.name} -n ${repository}' shows the manifests there are.`,
    );
  }
}

export function onlyAsked(repository: SiteRepository, { tag, digest }: Question): SiteRepository {
  if (tag !== undefined) return { ...repository, tags: repository.tags.filter(({ name }) => name === tag) };
  if (digest === undefined) return repository;
  return { ...repository, tags: repository.tags.filter((each) => each.digest === digest) };
}

/** Of one image only it counts; else all that is wanted, manifests without a tag too. */
export function isOnSite(
  { tags, manifest, manifestsLeft }: SiteRepository,
  { tag, digest }: Question,
): boolean {
  if (digest !== undefined) return manifest?.state === 'OnSite';
  if (tag !== undefined) return tags.every(({ state }) => state === 'OnSite');
  return manifestsLeft === 0 && tags.every(({ state }) => state === 'OnSite' || state === 'Filtered');
}

/** Of one image only what it needs, be it alone. */
export function bytesLeftOf(repositories: readonly SiteRepository[], { tag, digest }: Question): number {
  const sum = (bytes: readonly number[]): number => bytes.reduce((total, each) => total + each, 0);
  if (digest !== undefined) return sum(repositories.map(({ manifest }) => manifest?.bytesLeft ?? 0));
  if (tag === undefined) return sum(repositories.map(({ bytesLeft }) => bytesLeft));
  return sum(repositories.flatMap(({ tags }) => tags.map(({ bytesLeft }) => bytesLeft)));
}

/** Waiting would not help: somebody has to change the filter, or to unlock it. */
export function neverComes(repositories: readonly SiteRepository[], question: Question): boolean {
  const { tag, digest } = question;
  if (tag === undefined && digest === undefined) return false;
  const asked = repositories.flatMap(({ tags, manifest }) =>
    digest === undefined ? tags : (manifest ?? []),
  );
  return asked.length > 0 && asked.every(({ state }) => state === 'Filtered' || state === 'Locked');
}
