// Repository names (distribution-spec, "Pulling manifests": <name>).
import { OciError } from './errors.ts';
import { limits } from './limits.ts';

export type RepositoryName = string & { readonly __brand: 'RepositoryName' };

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const pattern = new RegExp(`^${component}(?:/${component})*$`);

export function tryParseRepositoryName(text: string): RepositoryName | undefined {
  return text.length <= limits.repositoryNameCharactersMax && pattern.test(text)
    ? (text as RepositoryName)
    : undefined;
}

/** @throws OciError NAME_INVALID */
export function parseRepositoryName(text: string): RepositoryName {
  const name = tryParseRepositoryName(text);
  if (!name) {
    throw new OciError(
      'NAME_INVALID',
      `'${text}' is not a repository name: lower-case letters and digits, separated by . _ - or /`,
    );
  }
  return name;
}
