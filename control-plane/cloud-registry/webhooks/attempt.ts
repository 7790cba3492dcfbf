// One attempt to tell a webhook of an event: in the format that it asks for now, and what is kept of it.
import type { Attempt } from '../../store/webhook-events.ts';
import { inFormatOf } from './content.ts';
import type { Webhook } from './intake.ts';
import type { Delivery, Transport } from './transport.ts';

export interface AttemptOptions {
  transport: Transport;
  /** The id of the registry's resource. */
  registryId: string;
}

/** @param content of the event, in either format. @throws the reason of `signal` */
export async function attempt(
  { transport, registryId }: AttemptOptions,
  { properties }: Webhook,
  content: string,
  signal: AbortSignal,
): Promise<{ delivery: Delivery; kept: Attempt }> {
  const sent = inFormatOf(properties, content, registryId);
  const delivery = await transport.deliver(properties, sent, signal);
  const request = JSON.stringify(delivery.request);
  const response = JSON.stringify(delivery.response);
  return { delivery, kept: { content: sent, request, response } };
}
