// The tags of a repository as the metadata API has them: `/acr/v1/<name>/_tags`.
import { OciError } from '../../../registry-node/oci/errors.ts';
import { parseTag, type Tag } from '../../../registry-node/oci/reference.ts';
import { readChanges } from './changes.ts';
import { linkNext, parsePage, placeOf } from './page.ts';
import { unknownRepository } from './repository.ts';
import type { MetadataRoute, RepositoryExchange } from './route.ts';
import { toTag } from './shapes.ts';

const one = '/_tags/:tag';

export const tagRoutes: readonly MetadataRoute[] = [
  { method: 'GET', path: '/_tags', actions: ['metadata/read'], handle: list },
  { method: 'GET', path: one, actions: ['metadata/read'], handle: show },
  { method: 'PATCH', path: one, actions: ['metadata/write'], change: true, handle: update },
  { method: 'DELETE', path: one, actions: ['content/delete'], change: true, handle: remove },
];

async function list({ content, repository, heading, request, reply }: RepositoryExchange): Promise<object> {
  const page = parsePage(request);
  if (!(await content.hasRepository(repository))) throw unknownRepository(repository);
  // Any text may say where to go on: it is only compared with.
  const last = page.last as Tag | undefined;
  const found = await content.metadata.tags(repository, { ...page, last, n: page.n + 1 });
  const path = `/acr/v1/${repository}/_tags`;
  const shown = linkNext(reply, path, page, found, (tag) => placeOf(page, tag.name, tag.updatedAt));
  return { ...heading, tags: shown.map(toTag) };
}

async function show(exchange: RepositoryExchange): Promise<object> {
  const { content, repository, heading } = exchange;
  const tag = parseTag(exchange.parameter('tag'));
  const facts = await content.metadata.tag(repository, tag);
  if (!facts) throw unknown(tag);
  return { ...heading, tag: toTag(facts) };
}

async function update(exchange: RepositoryExchange): Promise<object> {
  const { content, repository, request } = exchange;
  const tag = parseTag(exchange.parameter('tag'));
  const changes = await readChanges(request);
  if (!(await content.metadata.setAttributes({ repository, tag }, changes))) throw unknown(tag);
  return show(exchange);
}

async function remove(exchange: RepositoryExchange): Promise<object> {
  const { content, repository, reply, change } = exchange;
  const tag = parseTag(exchange.parameter('tag'));
  if (!(await content.untag(repository, tag, change))) throw unknown(tag);
  return reply.code(202).send();
}

function unknown(tag: Tag): OciError {
  return new OciError('TAG_UNKNOWN', undefined, { name: tag });
}
