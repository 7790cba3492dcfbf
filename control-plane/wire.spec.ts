// Requests and answers between the Azure CLI and Azure, recorded by the CLI's own tests (fixtures/wire, ids and
// secrets taken out), are sent again here. Status, keys, their order and every value must be the same, except what is
// different each time.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Answer, type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { systemClock } from '../registry-node/clock.ts';

interface Exchange {
  request: { method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'; url: string; body: object | null };
  response: { status: number; headers: Record<string, string>; body: unknown };
}

const recordings = new URL('../fixtures/wire/', import.meta.url);
const group = 'resourceGroups/clitest.rg000001';
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/clireg000002`;

/** Recordings leave out what a test did before: made here, by path below the subscription. */
const prerequisites: Record<string, [string, object][]> = {
  'test_acr_connectedregistry.json': [
    [`${registry}/scopeMaps/syncToken-scope-map`, { actions: gatewayActions('rootregistry', 'repo1') }],
    [`${registry}/scopeMaps/grandchild`, { actions: gatewayActions('grandchild', 'repo2') }],
    [`${registry}/tokens/syncToken`, { scopeMapId: `${registry}/scopeMaps/syncToken-scope-map` }],
    [`${registry}/tokens/clientToken`, { scopeMapId: `${registry}/scopeMaps/_repositories_pull` }],
    [`${registry}/tokens/clientToken2`, { scopeMapId: `${registry}/scopeMaps/_repositories_pull` }],
    [`${registry}/tokens/grandchild`, { scopeMapId: `${registry}/scopeMaps/grandchild` }],
    [
      `${registry}/connectedRegistries/rootregistry`,
      {
        mode: 'ReadOnly',
        parent: {
          syncProperties: {
            tokenId: `${registry}/tokens/syncToken`,
            schedule: '0 0/10 * * *',
            syncWindow: 'PT4H',
            messageTtl: 'P2D',
          },
        },
        clientTokenIds: [`${registry}/tokens/clientToken`],
        logging: { logLevel: 'Warning' },
        notificationsList: ['hello-world:tag:push'],
      },
    ],
  ],
};
/** Resources that the recording deletes without having made them. */
const beforeDeletion: Record<string, [string, object]> = {
  'connectedRegistries/grandchild': [
    `${registry}/connectedRegistries/grandchild`,
    {
      mode: 'ReadOnly',
      parent: { syncProperties: { tokenId: `${registry}/tokens/grandchild`, messageTtl: 'P2D' } },
    },
  ],
};

function gatewayActions(name: string, repository: string): string[] {
  const gateway = ['config/read', 'config/write', 'message/read', 'message/write'];
  return [
    `repositories/${repository}/content/read`,
    `repositories/${repository}/metadata/read`,
    ...gateway.map((action) => `gateway/${name}/${action}`),
  ];
}

/** A poll finds an operation running, as some recorded ones did, until the test lets this much time pass. */
const operationDelayMs = 60_000;
/** All headers that recordings keep. */
const recordedHeaders = ['azure-asyncoperation', 'location', 'content-type'];

for (const file of readdirSync(recordings)) {
  describe(
    `the recording ${file}`,
    ({ before, after, test }) => {
      const exchanges = read(file);
      let cloud: Cloud;
      let begun: Answer | undefined;
      let passedMs = 0;
      const clock = { ...systemClock, now: () => new Date(Date.now() + passedMs) };
      const end = async (answer: Answer): Promise<void> => {
        passedMs += operationDelayMs;
        await cloud.settle(answer);
      };
      before(async () => {
        cloud = await startCloud({ domain: 'azurecr.io', operationDelayMs, clock });
        await cloud.arm('PUT', group, { location: 'westus' });
      });
      after(() => cloud.close());

      for (const [index, { request, response }] of exchanges.entries()) {
        const path = request.url.split('?')[0]!.replace(/^\/subscriptions\/0[0-]+0\//, '');
        test(`${index + 1}. ${request.method} ${path.split('/').slice(-2).join('/')} is answered as recorded`, async () => {
          if (index === 4)
            for (const [id, properties] of prerequisites[file] ?? []) await make(cloud, id, properties);
          const missing = Object.entries(beforeDeletion).find(
            ([end]) => request.method === 'DELETE' && path.endsWith(end),
          );
          if (missing) await make(cloud, ...missing[1]);

          const isPoll = /\/operation(Statuses|Results)\//.test(path);
          if (isPoll && begun && isEnd(response)) await end(begun);
          const url = isPoll ? operationOf(begun!.headers)! : ours(cloud, request.url);
          const asked = (localised(cloud, request.body) as object | null) ?? undefined;
          const answer = await cloud.arm(request.method, url, asked);
          if (!isPoll && operationOf(answer.headers)) begun = answer;
          assert.equal(answer.status, response.status, JSON.stringify(answer.body));
          for (const header of recordedHeaders) {
            assert.equal(header in answer.headers, header in response.headers, `the header ${header}`);
          }
          const [found, expected] = [comparable(answer.body), comparable(localised(cloud, response.body))];
          assert.equal(JSON.stringify(found, undefined, 1), JSON.stringify(expected, undefined, 1));
          // Recordings leave out polls: the next request comes after the end.
          const next = exchanges[index + 1]?.request.url ?? '';
          if (begun === answer && !/\/operation(Statuses|Results)\//.test(next)) await end(answer);
        });
      }
    },
    { timeoutMs: 40_000 },
  );
}

/** Of a poll: whether the operation had ended. */
function isEnd({ status, body }: Exchange['response']): boolean {
  if (status === 202) return false;
  const state = (body as { status?: string } | null)?.status;
  return state === undefined || state === 'Succeeded';
}

describe('the recordings', ({ test, skip }) => {
  const originals = new URL('../../shared/specs/wire/', import.meta.url);
  const name = 'are all that there are, and unchanged';
  if (!existsSync(originals)) {
    skip(name, 'the folder ../shared/specs is not there');
    return;
  }
  test(name, () => {
    assert.deepEqual(readdirSync(recordings), readdirSync(originals));
    for (const file of readdirSync(originals))
      assert.deepEqual(read(file), JSON.parse(readFileSync(new URL(file, originals), 'utf8')), file);
  });
});

function read(file: string): Exchange[] {
  return JSON.parse(readFileSync(new URL(file, recordings), 'utf8'));
}

async function make(cloud: Cloud, path: string, properties: object): Promise<void> {
  const text = JSON.stringify(properties).replaceAll(
    `"${registry}`,
    `"/subscriptions/${cloud.credential.subscriptionId}/${registry}`,
  );
  const answer = await cloud.arm('PUT', path, { properties: JSON.parse(text) });
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

function ours(cloud: Cloud, url: string): string {
  return url.replace('00000000-0000-0000-0000-000000000000', cloud.credential.subscriptionId);
}

/** The recording with this control plane's subscription in the place of the one that was taken out. */
function localised(cloud: Cloud, body: unknown): unknown {
  return body === null
    ? null
    : JSON.parse(
        ours(cloud, JSON.stringify(body)).replaceAll(
          '00000000-0000-0000-0000-000000000000',
          cloud.credential.subscriptionId,
        ),
      );
}

function operationOf(headers: Record<string, unknown>): string | undefined {
  const url = headers['azure-asyncoperation'] ?? headers.location;
  return typeof url === 'string' ? new URL(url).pathname + new URL(url).search : undefined;
}

/** Without what is different each time: instants, people, secrets. */
function comparable(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => comparable(entry));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, comparable(member, name)]),
    );
  }
  if (typeof value !== 'string') return value ?? null;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return value.replace(/^.*(Z|\+00:00)$/, '<instant>$1');
  if (key === 'value') return '<secret>';
  return ['createdBy', 'createdByType', 'lastModifiedBy', 'lastModifiedByType'].includes(key)
    ? '<someone>'
    : value;
}
