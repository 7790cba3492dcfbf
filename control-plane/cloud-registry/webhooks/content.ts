// What webhooks are sent: the body of a delivery, in the shape of Azure's webhooks (Azure Container Registry, "Webhook
// reference") or, for a webhook that sends the header `Content-Type: application/cloudevents+json`, as a CloudEvent 1.0 in
// structured mode, as Event Grid would send it ("Azure Container Registry as an Event Grid source").
import type { ArtifactEvent } from '../../../registry-node/notifications/event.ts';
import type { WebhookProperties } from '../../resources/webhooks/schema.ts';

/** Of the same event always the same: a receiver drops repeats by it. */
export interface Ids {
  id: string;
  requestId: string;
}

/** What an event says of itself, in either format. */
interface Data {
  id: string;
  timestamp: string;
  action: keyof typeof types;
  target?: { repository: string; tag?: string | undefined; [name: string]: unknown };
  request?: { id: string; host: string; method: string };
  connectedRegistry?: { name: string } | undefined;
}

interface CloudEvent {
  specversion: '1.0';
  data: Data;
}

const cloudEventsType = /^application\/cloudevents\+json\s*(;|$)/i;
const types = { push: 'ImagePushed', delete: 'ImageDeleted', ping: 'Ping' } as const;

/** @param host the login server where it happened @returns JSON in Azure's own format */
export function toContent(event: ArtifactEvent, ids: Ids, host: string): string {
  const { action, at, repository, digest, mediaType, size, tag, connectedRegistry } = event;
  const isPush = action === 'push';
  return JSON.stringify({
    id: ids.id,
    timestamp: at.toISOString(),
    action,
    target: isPush
      ? { mediaType, size, digest, length: size, repository, tag }
      : { mediaType, digest, repository },
    request: { id: ids.requestId, host, method: isPush ? 'PUT' : 'DELETE' },
    connectedRegistry: connectedRegistry ? { name: connectedRegistry } : undefined,
  } satisfies Data);
}

/** @returns JSON in Azure's own format */
export function toPing(id: string, at: Date): string {
  return JSON.stringify({ id, timestamp: at.toISOString(), action: 'ping' } satisfies Data);
}

/**
 * The body for a receiver, in the format that its webhook's headers name: they may have changed since it was last sent.
 * @param content in either format
 */
export function inFormatOf(
  { customHeaders }: Pick<WebhookProperties, 'customHeaders'>,
  content: string,
  registryId: string,
): string {
  const known = JSON.parse(content) as Data | CloudEvent;
  const data = 'specversion' in known ? known.data : known;
  return JSON.stringify(wantsCloudEvents(customHeaders) ? toCloudEvent(data, registryId) : data);
}

function wantsCloudEvents(customHeaders: Readonly<Record<string, string>>): boolean {
  return Object.entries(customHeaders).some(
    ([name, value]) => name.toLowerCase() === 'content-type' && cloudEventsType.test(value),
  );
}

function toCloudEvent(data: Data, registryId: string): CloudEvent & Record<string, unknown> {
  const { id, timestamp, action, target, connectedRegistry } = data;
  const site = connectedRegistry ? `/connectedRegistries/${connectedRegistry.name}` : '';
  return {
    specversion: '1.0',
    id,
    source: `${registryId}${site}`,
    type: `Microsoft.ContainerRegistry.${types[action]}`,
    subject: target?.tag === undefined ? target?.repository : `${target.repository}:${target.tag}`,
    time: timestamp,
    datacontenttype: 'application/json',
    data,
  };
}
