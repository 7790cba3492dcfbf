// A signed-in client of the management API that keeps its connections, as SDKs do.
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import type { Topology } from '../../fixtures/topology.ts';

export interface ArmClient {
  /** e.g. `/subscriptions/{id}` */
  readonly subscription: string;
  /** @param path with its query, api-version included. @throws Error for any status that is no success */
  send(method: 'GET' | 'PUT' | 'POST', path: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
}

export async function openArmClient(topology: Topology, connections: number): Promise<ArmClient> {
  const credential = await topology.credential();
  const { endpoint, tenantId, clientId, clientSecret, subscriptionId } = credential;
  const ca = await readFile(credential.certificateAuthorityFile, 'utf8');
  const dispatcher = new Agent({ connections, connect: { ca } });
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://management.azure.com/.default',
  });
  const signIn = await request(`${endpoint}/${tenantId}/oauth2/v2.0/token`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const { access_token: token } = (await signIn.body.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    subscription: `/subscriptions/${subscriptionId}`,
    send: async (method, path, body) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await request(new URL(path, endpoint), { dispatcher, method, headers, ...sent });
      const text = await answer.body.text();
      if (answer.statusCode > 299) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    close: () => dispatcher.close(),
  };
}
