// The four calls of a node to its parent, over the same signed-in requests as the content.
import type { z } from 'zod';
import { RemoteError } from '../remote/errors.ts';
import { readAll } from '../remote/answer.ts';
import { gateway } from '../remote/purpose.ts';
import type { Requests } from '../remote/requests.ts';
import {
  type ActivateRequest,
  type ActivateResponse,
  activateResponseSchema,
  type GatewayCall,
  gatewayPath,
  type NotifyRequest,
  type SyncRequest,
  type SyncResponse,
  syncResponseSchema,
} from './protocol.ts';

export interface GatewayClient {
  /** @throws RemoteError unauthorized, denied, not-found (no such name), conflict (ALREADY_ACTIVATED) */
  activate(request: ActivateRequest, signal?: AbortSignal): Promise<ActivateResponse>;
  /** Waits at the parent for as long as the request allows. @throws RemoteError */
  sync(request: SyncRequest, signal?: AbortSignal): Promise<SyncResponse>;
  /** The parent keeps them when this resolves. @throws RemoteError not-found (it is too old), and as sync */
  notify(request: NotifyRequest, signal?: AbortSignal): Promise<void>;
  /** Gives the name back. @throws RemoteError */
  deactivate(instanceId: string, signal?: AbortSignal): Promise<void>;
}

/** What the parent may take beyond the wait that it was allowed. */
const answerMarginMs = 20_000;
const answerBytesMax = 64 * 1024 * 1024;

export function createGatewayClient(requests: Requests, connectedRegistry: string): GatewayClient {
  const call = async (
    name: GatewayCall,
    body: object,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<Buffer> => {
    const path = gatewayPath(connectedRegistry, name);
    const answer = await requests.expect({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      purpose: gateway,
      repeatable: true,
      answerTimeoutMs: waitMs + answerMarginMs,
      signal,
    });
    return readAll(answer.body, answerBytesMax, { method: 'POST', url: answer.url });
  };
  return {
    async activate(request, signal) {
      return parse(activateResponseSchema, await call('activate', request, 0, signal), 'activate');
    },
    async sync(request, signal) {
      const waitMs = request.waitSeconds * 1000;
      return parse(syncResponseSchema, await call('sync', request, waitMs, signal), 'sync');
    },
    async notify(request, signal) {
      await call('notify', request, 0, signal);
    },
    async deactivate(instanceId, signal) {
      await call('deactivate', { instanceId }, 0, signal);
    },
  };
}

function parse<T>(schema: z.ZodType<T>, body: Buffer, call: GatewayCall): T {
  try {
    return schema.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    const reason =
      'the parent answered something else than the protocol says; check that its address is a registry or a node of acrc';
    throw new RemoteError('malformed', `${call}: ${reason}`, { cause: error });
  }
}
