// Which of a registry's repositories a connected registry receives, and how much of the registry's feed its node has.
// Whoever is below another receives through it, so every sync token on the way counts.
import type { FeedEvent } from '../../../registry-node/content/feed.ts';
import type { Content } from '../../../registry-node/content/content.ts';
import { grantsRevisionOf } from '../../../registry-node/gateway/round.ts';
import type { NodeConfiguration, NodeStatus } from '../../../registry-node/gateway/protocol.ts';
import type { RepositoryName } from '../../../registry-node/oci/name.ts';
import { compileGrants } from '../../../registry-node/oci/scope.ts';
import { type FilterRule, ruleFor } from '../../../registry-node/selection/filter.ts';

export interface Reach {
  receives(repository: RepositoryName): boolean;
  /** The rules of the filters on the way, from the top down; none: the repository comes whole. */
  rules(repository: RepositoryName): FilterRule[];
  /** The last event that the node has; undefined when the cloud cannot know what is on site before the next full sync. */
  cursor: number | undefined;
}

/** From the top down to the connected registry `name`; empty when there is none. */
export function pathTo(top: Iterable<NodeConfiguration>, name: string): NodeConfiguration[] {
  for (const configuration of top) {
    if (configuration.name.toLowerCase() === name.toLowerCase()) return [configuration];
    const below = pathTo(
      configuration.children.map((child) => child.configuration),
      name,
    );
    if (below.length > 0) return [configuration, ...below];
  }
  return [];
}

export function reachOf(
  path: readonly NodeConfiguration[],
  status: NodeStatus | undefined,
  feed: Content['feed'],
): Reach {
  const grants = path.map((each) => compileGrants(each.grants));
  return {
    receives: (repository) => grants.every((each) => each.repository(repository, 'content/read')),
    rules: (repository) => path.flatMap(({ syncFilter }) => ruleFor(syncFilter, repository) ?? []),
    cursor: cursorOf(status?.applied, path, feed),
  };
}

function cursorOf(
  applied: NodeStatus['applied'],
  path: readonly NodeConfiguration[],
  feed: Content['feed'],
): number | undefined {
  if (applied?.feedId !== feed.id) return undefined;
  const revisions = path.map(({ grants, syncFilter }) => grantsRevisionOf(compileGrants(grants), syncFilter));
  const same =
    revisions.length === applied.grants.length && revisions.every((each, n) => each === applied.grants[n]);
  const told = applied.cursor >= feed.trimmedTo() && applied.cursor <= feed.head();
  return same && told ? applied.cursor : undefined;
}

/** What the node pushed up itself is on site already. */
export function isOwn({ origin }: FeedEvent, name: string): boolean {
  return typeof origin === 'object' && origin.connectedRegistry.toLowerCase() === name.toLowerCase();
}
