// The limits of each tier, reached: the last one that fits is taken, the next is refused, and what is there may still
// be changed.
import { type Answer, type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { basic, connect, idOf, provision, registry } from '../../../fixtures/provisioned-cloud.ts';

describe(
  'the limits of a tier',
  ({ before, after, test }) => {
    let cloud: Cloud;
    before(async () => {
      cloud = await startCloud();
      await provision(cloud);
    });
    after(() => cloud.close());

    const scopeMap = (path: string): Promise<Answer> =>
      cloud.arm('PUT', path, { properties: { actions: ['repositories/app/content/read'] } });
    const token = (path: string, of = basic): Promise<Answer> =>
      cloud.arm('PUT', path, {
        properties: { scopeMapId: idOf(cloud, `${of}/scopeMaps/_repositories_pull`) },
      });
    const isFull = (answer: Answer): void =>
      assert.deepEqual([answer.status, answer.at('error.code')], [403, 'QuotaExceeded']);

    test('are 100 scope maps in Basic', async () => {
      for (let count = 0; count < 100; count++)
        assert.equal((await scopeMap(`${basic}/scopeMaps/map-${count}`)).status, 200);
      isFull(await scopeMap(`${basic}/scopeMaps/one-more`));
      assert.equal((await scopeMap(`${basic}/scopeMaps/MAP-7`)).status, 200);
    });

    test('are 100 tokens in Basic', async () => {
      for (let count = 0; count < 100; count++)
        assert.equal((await token(`${basic}/tokens/token${count}`)).status, 201);
      isFull(await token(`${basic}/tokens/one-more`));
      const usages = (await cloud.arm('GET', `${basic}/listUsages`)).at('value') as object[];
      assert.deepEqual(usages.at(-1), { name: 'Tokens', limit: 100, currentValue: 100, unit: 'Count' });
    });

    test('are 50 connected registries in Premium', async () => {
      for (let count = 0; count < 49; count++) {
        await token(`${registry}/tokens/sync-${count}`, registry);
        if (count === 48) continue;
        assert.equal((await connect(cloud, `site${count}x`, { tokenId: `sync-${count}` })).status, 200);
      }
      isFull(await connect(cloud, 'onemore', { tokenId: 'sync-48' }));
    });

    test('keep a registry in its tier while it has more than another allows', async () => {
      await cloud.arm('PATCH', basic, { sku: { name: 'Standard' } });
      for (const kind of ['one-more', 'two-more'])
        assert.equal((await token(`${basic}/tokens/${kind}`)).status, 201);
      const answer = await cloud.arm('PATCH', basic, { sku: { name: 'Basic' } });
      assert.deepEqual([answer.status, answer.at('error.code')], [409, 'Conflict']);
      assert.match(answer.text('error.message'), /has 102 tokens, and the SKU Basic allows 100/);
    });

    test('lists come in pages that hold everything once', async () => {
      const seen: string[] = [];
      let url = `${basic}/scopeMaps?$top=7`;
      for (let pages = 0; pages < 30 && url !== ''; pages++) {
        const page = await cloud.arm('GET', url);
        seen.push(...(page.at('value') as { name: string }[]).map(({ name }) => name));
        const next = page.at('nextLink');
        url = typeof next === 'string' ? new URL(next).pathname + new URL(next).search : '';
      }
      assert.equal(seen.length, 105);
      assert.equal(new Set(seen).size, 105);
      const { subscriptionId } = cloud.credential;
      const all = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/registries`;
      const first = await cloud.arm('GET', `${all}?$top=1`);
      assert.equal(first.text('value.0.name'), 'basicregistry');
      const rest = new URL(first.text('nextLink'));
      assert.equal((await cloud.arm('GET', rest.pathname + rest.search)).text('value.0.name'), 'myregistry');
    });
  },
  { timeoutMs: 30_000 },
);
