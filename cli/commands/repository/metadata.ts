// The metadata API of a login server (`/acr/v1`): the attributes of a repository, a tag or a manifest.
import type { RegistryClient } from '../../client/registry.ts';
import { readPages } from '../../client/registry-pages.ts';
import { failure } from '../../errors.ts';
import { choice, integer, threeState } from '../../parse/option.ts';
import { metadataPath, type Target } from './options.ts';

export const lockOptions = {
  deleteEnabled: threeState('--delete-enabled', 'Whether it may be deleted.'),
  listEnabled: threeState('--list-enabled', 'Whether lists show it.'),
  readEnabled: threeState('--read-enabled', 'Whether it may be pulled.'),
  writeEnabled: threeState('--write-enabled', 'Whether it may be changed or deleted.'),
};

export const pageOptions = {
  top: integer('--top', 'Show at most so many.', { min: 1, max: 1_000_000 }),
  orderby: choice('--orderby', 'Order by the time of the last change. Default: by name.', [
    'time_asc',
    'time_desc',
  ]),
};

export interface Locks {
  deleteEnabled: boolean | undefined;
  listEnabled: boolean | undefined;
  readEnabled: boolean | undefined;
  writeEnabled: boolean | undefined;
}

export interface ManifestAttributes {
  digest: string;
  tags?: string[];
  lastUpdateTime: string;
}

export async function readAttributes(client: RegistryClient, target: Target): Promise<unknown> {
  return ask(client, target, { method: 'GET' }, 'metadata_read');
}

/** @throws CliError when nothing is to change */
export async function changeAttributes(
  client: RegistryClient,
  target: Target,
  { deleteEnabled, listEnabled, readEnabled, writeEnabled }: Locks,
): Promise<unknown> {
  const data = { deleteEnabled, listEnabled, readEnabled, writeEnabled };
  const headers = { 'content-type': 'application/json' };
  return ask(client, target, { method: 'PATCH', data, headers }, 'metadata_write,metadata_read');
}

/** @throws CliError when nothing is to change */
export function requireLock(locks: Locks): void {
  if (Object.values(locks).some((value) => value !== undefined)) return;
  throw failure(
    'You must provide at least one of --delete-enabled, --list-enabled, --read-enabled and --write-enabled.',
  );
}

export async function listManifests(
  client: RegistryClient,
  repository: string,
  {
    top,
    orderby,
    actions = 'metadata_read',
  }: { top: number | undefined; orderby: string | undefined; actions?: string },
): Promise<ManifestAttributes[]> {
  const request = {
    path: metadataPath(repository, '/_manifests'),
    query: orderQuery(orderby),
    scope: `repository:${repository}:${actions}`,
    top,
  };
  return readPages<ManifestAttributes>(client, request, 'manifests');
}

/** `time_asc` is `timeasc` on the wire. */
export function orderQuery(orderby: string | undefined): string {
  return `orderby=${orderby?.replace('_', '') ?? ''}`;
}

/** @param target names a tag */
export async function digestOf(
  client: RegistryClient,
  { repository, tag = '' }: Target,
  scope = `repository:${repository}:metadata_read`,
): Promise<string> {
  const path = metadataPath(repository, `/_tags/${tag}`);
  return (await client.expect<{ tag: { digest: string } }>({ path, scope })).data.tag.digest;
}

/** An answer about a tag or a manifest holds it below the name of its kind. */
async function ask(
  client: RegistryClient,
  { repository, tag, digest }: Target,
  request: { method: 'GET' | 'PATCH'; data?: object; headers?: Record<string, string> },
  actions: string,
): Promise<unknown> {
  const [rest, kind] =
    digest !== undefined
      ? [`/_manifests/${digest}`, 'manifest']
      : tag !== undefined
        ? [`/_tags/${tag}`, 'tag']
        : ['', undefined];
  const path = metadataPath(repository, rest);
  const scope = `repository:${repository}:${actions}`;
  const { data } = await client.expect<Record<string, unknown>>({ ...request, path, scope });
  return kind === undefined ? data : data[kind];
}
