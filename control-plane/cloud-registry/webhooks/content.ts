// What webhooks are sent: the body of a delivery, in the shape of Azure's webhooks (Azure Container Registry, "Webhook
// reference") or, for a webhook that sends the header `Content-Type: application/cloudevents+json`, as a CloudEvent 1.0 in
// structured mode, as Event Grid would send it ("Azure Container Registry as an Event Grid source").
import type { ArtifactEvent } from '../../../registry-node/notifications/event.ts';
import type { WebhookProperties } from '../../resources/webhooks/schema.ts';

/** Where it happened. */
export interface Place {
  /** The login server. */
  host: string;
  /** The id of the registry's resource. */
  registryId: string;
}

/** Of the same event always the same: a receiver drops repeats by it. */
export interface Ids {
  id: string;
  requestId: string;
}

const cloudEventsType = /^application\/cloudevents\+json\s*(;|$)/i;
const types = { push: 'ImagePushed', delete: 'ImageDeleted', ping: 'Ping' } as const;

export function toContent(
  event: ArtifactEvent,
  ids: Ids,
  place: Place,
  { customHeaders }: Pick<WebhookProperties, 'customHeaders'>,
): string {
  const { action, at, repository, digest, mediaType, size, tag, connectedRegistry } = event;
  const isPush = action === 'push';
  const data = {
    id: ids.id,
    timestamp: at.toISOString(),
    action,
    target: isPush
      ? { mediaType, size, digest, length: size, repository, tag }
      : { mediaType, digest, repository },
    request: { id: ids.requestId, host: place.host, method: isPush ? 'PUT' : 'DELETE' },
    connectedRegistry: connectedRegistry && { name: connectedRegistry },
  };
  const subject = isPush && tag !== undefined ? `${repository}:${tag}` : repository;
  return JSON.stringify(wantsCloudEvents(customHeaders) ? toCloudEvent(data, subject, place) : data);
}

export function toPing(
  id: string,
  at: Date,
  place: Place,
  { customHeaders }: Pick<WebhookProperties, 'customHeaders'>,
): string {
  const data = { id, timestamp: at.toISOString(), action: 'ping' as const };
  return JSON.stringify(wantsCloudEvents(customHeaders) ? toCloudEvent(data, undefined, place) : data);
}

function wantsCloudEvents(customHeaders: Readonly<Record<string, string>>): boolean {
  return Object.entries(customHeaders).some(
    ([name, value]) => name.toLowerCase() === 'content-type' && cloudEventsType.test(value),
  );
}

function toCloudEvent(
  data: {
    id: string;
    timestamp: string;
    action: keyof typeof types;
    connectedRegistry?: { name: string } | '' | undefined;
  },
  subject: string | undefined,
  { registryId }: Place,
): object {
  const site = data.connectedRegistry ? `/connectedRegistries/${data.connectedRegistry.name}` : '';
  return {
    specversion: '1.0',
    id: data.id,
    source: `${registryId}${site}`,
    type: `Microsoft.ContainerRegistry.${types[data.action]}`,
    subject,
    time: data.timestamp,
    datacontenttype: 'application/json',
    data,
  };
}
