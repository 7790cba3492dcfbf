// A webhook: an address that is told of pushes and deletions (Azure REST API, Webhooks). The address and its headers may
// hold secrets and are shown by getCallbackConfig only.
import { z } from 'zod';
import { enumeration } from '../../arm/enumeration.ts';
import { type Envelope, toEnvelope } from '../../arm/envelope.ts';
import { readOnlyEnvelope, readOnlyState } from '../../arm/read-only.ts';
import { resourceTypes } from '../../arm/resource-id.ts';
import { type Resource, resourceKind } from '../../store/resource.ts';
import type { SentEvent } from '../../store/webhook-events.ts';
import { tagsSchema } from '../resource-groups/schema.ts';

export const webhookActions = ['push', 'delete', 'quarantine', 'chart_push', 'chart_delete'] as const;
export const webhookStatuses = ['enabled', 'disabled'] as const;

/** What a webhook is told of. */
export interface WebhookRules {
  status: (typeof webhookStatuses)[number];
  /** Empty: everything. See cloud-registry/webhooks/scope.ts. */
  scope: string;
  actions: (typeof webhookActions)[number][];
}

/** Rules that are no more, for events of a feed up to `until` that may still be unread. */
export interface EarlierRules extends WebhookRules {
  feedId: string;
  until: number;
}

export interface WebhookProperties extends WebhookRules {
  /** Oldest first. */
  earlier?: EarlierRules[] | undefined;
  serviceUri: string;
  customHeaders: Record<string, string>;
}
export const webhookKind = resourceKind<WebhookProperties>(resourceTypes.webhook);

const status = enumeration(webhookStatuses);
const actions = z.array(enumeration(webhookActions));
const customHeaders = z.record(z.string(), z.string());

export const webhookPutSchema = z.strictObject({
  ...readOnlyEnvelope,
  location: z.string().min(1),
  tags: tagsSchema.nullish(),
  properties: z.strictObject({
    ...readOnlyState,
    serviceUri: z.string(),
    customHeaders: customHeaders.nullish(),
    status: status.nullish(),
    scope: z.string().nullish(),
    actions,
  }),
});
export const webhookPatchSchema = z.strictObject({
  ...readOnlyEnvelope,
  tags: tagsSchema.nullish(),
  properties: z
    .strictObject({
      ...readOnlyState,
      serviceUri: z.string().nullish(),
      customHeaders: customHeaders.nullish(),
      status: status.nullish(),
      scope: z.string().nullish(),
      actions: actions.nullish(),
    })
    .nullish(),
});
export type WebhookInput = NonNullable<z.infer<typeof webhookPatchSchema>['properties']>;

export function toWebhook(webhook: Resource<WebhookProperties>): Envelope {
  const { status, scope, actions } = webhook.properties;
  return toEnvelope(webhook, { status, scope, actions, provisioningState: 'Succeeded' });
}

/** `getCallbackConfig`. */
export function toCallbackConfig({ serviceUri, customHeaders }: WebhookProperties): object {
  return { serviceUri, customHeaders };
}

/** An entry of `listEvents`. */
export function toEvent({ id, content, request, response }: SentEvent): object {
  return {
    eventRequestMessage: { content: JSON.parse(content), ...JSON.parse(request) },
    eventResponseMessage: JSON.parse(response),
    id,
  };
}
