// Patterns in the place of an image, `team/*:pr-*`: the tags that they match are looked up, and shown, before anything is done.
import { posix } from 'node:path';
import type { RegistryClient } from '../../client/registry.ts';
import { readPages } from '../../client/registry-pages.ts';
import { isPattern, resolveRepositories, someOf } from '../../client/repository-globs.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { metadataPath, type Target } from './options.ts';

export interface TaggedImage {
  repository: string;
  tag: string;
  digest: string;
}

/** A digest stands for itself. */
export function namesMany({ repository, tag }: Target): boolean {
  return isPattern(tag ?? '') || (tag !== undefined && isPattern(repository));
}

/** @param action what the caller wants to do to them, for the scope. @throws CliError when nothing matches */
export async function matchingImages(
  context: Context,
  client: RegistryClient,
  { repository, tag = '' }: Target,
  action: string,
): Promise<TaggedImage[]> {
  const found: TaggedImage[] = [];
  for (const name of await resolveRepositories(context, client, repository)) {
    const tags = await tagsOf(client, name, action);
    found.push(...tags.filter((image) => posix.matchesGlob(image.tag, tag)));
  }
  const pattern = `${repository}:${tag}`;
  if (found.length === 0) {
    throw failure(
      `No image matches '${pattern}'.`,
      "'acrc repository show-tags -n <registry> --repository <repository>' shows the tags there are; quote a pattern, so that the shell leaves it alone.",
    );
  }
  context.warn(`'${pattern}' matches ${found.length}: ${someOf(found.map(nameOf))}`);
  return found;
}

export async function tagsOf(
  client: RegistryClient,
  repository: string,
  action: string,
): Promise<TaggedImage[]> {
  const scope = `repository:${repository}:${action}`;
  const request = { path: metadataPath(repository, '/_tags'), scope, top: undefined };
  const tags = await readPages<{ name: string; digest: string }>(client, request, 'tags');
  return tags.map(({ name, digest }) => ({ repository, tag: name, digest }));
}

export function nameOf({ repository, tag }: TaggedImage): string {
  return `${repository}:${tag}`;
}
