// Which events a webhook wants. Its rules may change while events of the feed wait to be read for it, so a change takes
// effect at a position of the feed: what happened before is judged by the rules of then, however late it is read.
import type { EarlierRules, WebhookProperties, WebhookRules } from '../../resources/webhooks/schema.ts';
import type { Resource } from '../../store/resource.ts';
import type { WebhookCursor } from '../../store/webhook-events.ts';
import type { ArtifactEvent } from '../../../registry-node/notifications/event.ts';
import { isInScope } from './scope.ts';

/** Changes that unread events remember; of a webhook that is changed more often, the newest. */
const earlierMax = 100;

/** @param at its place in the feed; absent of what happened elsewhere */
export function wants(properties: WebhookProperties, event: ArtifactEvent, at?: WebhookCursor): boolean {
  const then = properties.earlier?.find(({ feedId, until }) => feedId === at?.feedId && at.seq <= until);
  const { status, actions, scope } = then ?? properties;
  return status === 'enabled' && actions.includes(event.action) && isInScope(scope, event);
}

/**
 * Lets `after` begin after the feed's head, and what came before keep the rules it had.
 * @param read how far events were judged already: what is known of those is forgotten
 */
export function changeRules(
  before: Resource<WebhookProperties> | undefined,
  after: WebhookProperties,
  { head, read }: { head: WebhookCursor; read: WebhookCursor | undefined },
): WebhookProperties {
  if (!before) return after;
  const { status, scope, actions, earlier = [] } = before.properties;
  const readTo = read?.feedId === head.feedId ? read.seq : head.seq;
  const unread = earlier.filter(({ feedId, until }) => feedId === head.feedId && until > readTo);
  // Nothing happened since the last change, or nothing that was not judged.
  const isDecided = (unread.at(-1)?.until ?? readTo) >= head.seq;
  const ended: EarlierRules = { feedId: head.feedId, until: head.seq, status, scope, actions };
  const kept = isDecided || isSame(before.properties, after) ? unread : [...unread, ended];
  return { ...after, earlier: kept.slice(-earlierMax) };
}

function isSame(one: WebhookRules, other: WebhookRules): boolean {
  return (
    one.status === other.status && one.scope === other.scope && one.actions.join() === other.actions.join()
  );
}
