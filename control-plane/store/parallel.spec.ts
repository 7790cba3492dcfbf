// Many writers at once: no change of one is lost by another's, no limit is passed by those who come together, and what is
// made and deleted at the same time is in the end either there or not.
import { type Answer, type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import {
  basic,
  connect,
  create,
  group,
  idOf,
  provision,
  registries,
  registry,
} from '../../fixtures/provisioned-cloud.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

const writers = 50;
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const countOf = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

describe(
  'parallel writers',
  ({ before, after, test }) => {
    let cloud: Cloud;
    before(async () => {
      cloud = await startCloud();
      await provision(cloud);
      await cloud.arm('GET', registry);
    });
    after(() => cloud.close());

    const names = async (path: string): Promise<string[]> =>
      ((await cloud.arm('GET', path)).at('value') as { name: string }[]).map(({ name }) => name);
    const token = (path: string): Promise<Answer> =>
      cloud.arm('PUT', path, {
        properties: { scopeMapId: idOf(cloud, `${basic}/scopeMaps/_repositories_pull`) },
      });

    /** Each sets what no other sets: after all of them everything is set. */
    const settings: readonly (readonly [string, unknown])[] = [
      ['adminUserEnabled', true],
      ['anonymousPullEnabled', true],
      ['networkRuleBypassOptions', 'None'],
      ['policies.quarantinePolicy.status', 'enabled'],
      ['policies.retentionPolicy.days', 17],
      ['policies.softDeletePolicy.retentionDays', 19],
      ['policies.azureADAuthenticationAsArmPolicy.status', 'disabled'],
      ['networkRuleBypassAllowedForTasks', true],
    ];
    const nested = (path: string, value: unknown): object =>
      path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;

    test('of one registry lose nothing of each other', async () => {
      const version = '?api-version=2026-03-01-preview';
      const answers = await times(writers, (index) => {
        const [path, value] = settings[index % settings.length]!;
        return cloud.arm('PATCH', `${registry}${version}`, { properties: nested(path, value) });
      });
      assert.equal(countOf(answers, 200), writers, JSON.stringify(answers.map(({ body }) => body)));
      const shown = await cloud.arm('GET', `${registry}${version}`);
      for (const [path, value] of settings) assert.equal(shown.at(`properties.${path}`), value, path);
    });

    test('of one connected registry, of different properties, lose nothing of each other', async () => {
      const path = `${registry}/connectedRegistries/factory1`;
      const changes: object[] = [
        { logging: { logLevel: 'Debug' } },
        { notificationsList: ['app:*'] },
        { clientTokenIds: [idOf(cloud, `${registry}/tokens/client1`)] },
        { syncProperties: { messageTtl: 'P5D' } },
        { garbageCollection: { enabled: false, schedule: '0 5 * * *' } },
      ];
      const answers = await times(writers, (index) =>
        cloud.arm('PATCH', path, { properties: changes[index % changes.length] }),
      );
      assert.equal(countOf(answers, 200), writers, JSON.stringify(answers.map(({ body }) => body)));
      const { properties } = (await cloud.arm('GET', path)).body as { properties: object };
      assert.partialDeepStrictEqual(properties, {
        logging: { logLevel: 'Debug' },
        notificationsList: ['app:*'],
        parent: { syncProperties: { messageTtl: 'P5D' } },
        garbageCollection: { enabled: false, schedule: '0 5 * * *' },
      });
    });

    test('that each regenerate an admin password, count up each time', async () => {
      const show = async (): Promise<string> =>
        (await cloud.arm('POST', `${registry}/listCredentials`)).text('passwords.0.value');
      const answers = await times(writers, () =>
        cloud.arm('POST', `${registry}/regenerateCredential`, { name: 'password' }),
      );
      const made = answers.map((answer) => answer.text('passwords.0.value'));
      assert.equal(new Set(made).size, writers);
      assert.ok(made.includes(await show()));
    });

    test('that each make a password of one token, leave the last of each name', async () => {
      const tokenId = idOf(cloud, `${registry}/tokens/client1`);
      await times(writers, (index) =>
        cloud.arm('POST', `${registry}/generateCredentials`, {
          tokenId,
          name: index % 2 ? 'password1' : 'password2',
        }),
      );
      const shown = await cloud.arm('GET', `${registry}/tokens/client1`);
      const passwords = shown.at('properties.credentials.passwords') as { name: string }[];
      assert.deepEqual(
        passwords.map(({ name }) => name),
        ['password1', 'password2'],
      );
    });

    test('make no more tokens and scope maps than the tier allows', async () => {
      const [tokens, maps] = await Promise.all([
        times(130, (index) => token(`${basic}/tokens/token${index}`)),
        times(130, (index) =>
          cloud.arm('PUT', `${basic}/scopeMaps/map-${index}`, {
            properties: { actions: ['repositories/app/content/read'] },
          }),
        ),
      ]);
      assert.deepEqual([countOf(tokens, 201), countOf(tokens, 403)], [100, 30]);
      assert.deepEqual([countOf(maps, 200), countOf(maps, 403)], [100, 30]);
      const usages = (await cloud.arm('GET', `${basic}/listUsages`)).at('value') as object[];
      assert.partialDeepStrictEqual(usages.at(-1)!, { name: 'Tokens', currentValue: 100 });
    });

    test('make one connected registry of one sync token', async () => {
      const answers = await times(writers, (index) => connect(cloud, `rival${index}`, { tokenId: 'sync3' }));
      assert.equal(countOf(answers, 200), 1, JSON.stringify(answers.map(({ status }) => status)));
    });

    test('give a registry name away once', async () => {
      const groups = [group, 'resourceGroups/other-rg'];
      await cloud.arm('PUT', groups[1]!, { location: 'westeurope' });
      const answers = await times(10, (index) =>
        cloud.arm(
          'PUT',
          `${groups[index % 2]}/providers/Microsoft.ContainerRegistry/registries/coveted`,
          create(),
        ),
      );
      assert.equal(countOf(answers, 409), 5, JSON.stringify(answers.map(({ status }) => status)));
      const all = `/subscriptions/${cloud.credential.subscriptionId}/providers/Microsoft.ContainerRegistry/registries`;
      assert.equal((await names(all)).filter((name) => name === 'coveted').length, 1);
    });

    test('give each registry a port of its own', async () => {
      const answers = await times(8, (index) => cloud.arm('PUT', `${registries}/portly${index}`, create()));
      await Promise.all(answers.map((answer) => cloud.settle(answer)));
      const servers = await times(8, async (index) =>
        (await cloud.arm('GET', `${registries}/portly${index}`)).text('properties.loginServer'),
      );
      assert.equal(new Set(servers).size, 8);
      for (const server of servers) assert.equal((await cloud.call(`https://${server}/v2/`)).status, 401);
    });

    test('that make and delete one token leave it there or not', async () => {
      const path = `${registry}/tokens/flickering`;
      const answers = await times(writers, (index) =>
        index % 2 ? token(path.replace(basic, registry)) : cloud.arm('DELETE', path),
      );
      assert.equal(answers.filter(({ status }) => status >= 500).length, 0);
      const { status } = await cloud.arm('GET', path);
      const listed = (await names(`${registry}/tokens`)).includes('flickering');
      assert.equal(status, listed ? 200 : 404);
    });

    test('that make and delete one registry leave it serving, or nothing of it', async () => {
      const path = `${registries}/fleeting`;
      for (let round = 0; round < 4; round++) {
        const answers = await times(12, (index) =>
          index % 2 ? cloud.arm('DELETE', path) : cloud.arm('PUT', path, create()),
        );
        assert.equal(answers.filter(({ status }) => status >= 500).length, 0);
        const last = await cloud.arm('PUT', path, create());
        if (last.status === 201) await cloud.settle(last);
        await waitFor(
          'it to serve',
          async () => (await cloud.arm('GET', path)).at('properties.provisioningState') === 'Succeeded',
        );
        const loginServer = (await cloud.arm('GET', path)).text('properties.loginServer');
        assert.equal((await cloud.call(`https://${loginServer}/v2/`)).status, 401);
        assert.equal((await cloud.arm('DELETE', path)).status, 200);
        await assert.rejects(cloud.call(`https://${loginServer}/v2/`), /ECONNREFUSED/);
      }
    });
  },
  { timeoutMs: 60_000 },
);
