// ARM through the socket in the data folder: the same answers as at the port, to the same tokens, and only to who means this
// control plane.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { type IncomingHttpHeaders, request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { openLocalDoor } from './local-door.ts';

interface Sent {
  host?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}
interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

describe('the door of ARM on the same machine', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud({ operationDelayMs: 60_000 });
  });
  after(() => cloud.close());

  const send = (path: string, { host, method, headers, body }: Sent = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { endpoint, socketPath } = cloud.credential;
      const named = { host: host ?? new URL(endpoint).host, ...headers };
      ask({ socketPath, path, headers: named, ...(method !== undefined && { method }) })
        .on('error', reject)
        .on('response', (response) => {
          const { statusCode: status = 0, headers: given } = response;
          text(response).then((content) => resolve({ status, headers: given, body: content }), reject);
        })
        .end(body);
    });
  const signIn = (secret: string): Promise<Answer> =>
    send(`/${cloud.credential.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: cloud.credential.clientId,
        client_secret: secret,
        scope: 'https://management.azure.com/.default',
      }).toString(),
    });
  const bearer = async (): Promise<Record<string, string>> => {
    const { body } = await signIn(cloud.credential.clientSecret);
    const { access_token: token } = JSON.parse(body) as { access_token: string };
    return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  };
  const subscription = (): string => `/subscriptions/${cloud.credential.subscriptionId}`;
  const version = 'api-version=2025-11-01';

  test('is open to its owner only', async () => {
    assert.equal((await stat(cloud.credential.socketPath!)).mode & 0o777, 0o600);
  });
  test('lets nobody in without an access token', async () => {
    assert.equal((await send(`${subscription()}/resourcegroups?${version}`)).status, 401);
  });
  test('signs in who has the secret, and nobody else', async () => {
    assert.deepEqual(
      [(await signIn('a guess')).status, (await signIn(cloud.credential.clientSecret)).status],
      [401, 200],
    );
  });
  test('names operations by where everybody finds them', async () => {
    const signed = { method: 'PUT', headers: await bearer() };
    const group = JSON.stringify({ location: 'westeurope' });
    await send(`${subscription()}/resourceGroups/acr-rg?${version}`, { ...signed, body: group });
    const registry = `${subscription()}/resourceGroups/acr-rg/providers/Microsoft.ContainerRegistry/registries/myregistry`;
    const { status, headers } = await send(`${registry}?${version}`, {
      ...signed,
      body: JSON.stringify({ location: 'westeurope', sku: { name: 'Premium' } }),
    });
    assert.equal(status, 201);
    assert.ok(
      String(headers['azure-asyncoperation']).startsWith(`${cloud.credential.endpoint}/subscriptions/`),
    );
  });
  test('sends away who means another control plane', async () => {
    const { status } = await send(`${subscription()}/resourcegroups?${version}`, {
      host: 'management.example.com',
      headers: await bearer(),
    });
    assert.equal(status, 421);
  });
});

describe('a data folder whose path is too long for a socket', ({ test }) => {
  test('has no such door, and the control plane goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-door-'));
    try {
      const door = await openLocalDoor({
        dataFolder: join(folder, 'long'.repeat(30)),
        endpoint: 'https://localhost:4430',
        handler: () => assert.fail('nobody can ask'),
        logger: pino({ level: 'silent' }),
      });
      assert.equal(door.path, undefined);
      await door.close(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
