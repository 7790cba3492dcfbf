// Network rules have effect: who may not reach a registry is refused before it can say who it is.
import { type Answer, type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { provision, registry } from '../../fixtures/provisioned-cloud.ts';

describe('the firewall of a registry', ({ before, after, test }) => {
  let cloud: Cloud;
  let loginServer: string;
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
    loginServer = (await cloud.arm('GET', registry)).text('properties.loginServer');
  });
  after(() => cloud.close());

  /** From this machine, or through a proxy on it from elsewhere. */
  const knock = (from?: string): Promise<Answer> =>
    cloud.call(`https://${loginServer}/v2/`, { headers: from ? { 'x-forwarded-for': from } : {} });
  const set = async (properties: object): Promise<void> => {
    const answer = await cloud.arm('PATCH', registry, { properties });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  };
  const deny = (...values: string[]): object => ({
    networkRuleSet: { defaultAction: 'Deny', ipRules: values.map((value) => ({ value })) },
  });

  test('lets everybody knock at first', async () => assert.equal((await knock()).status, 401));

  const rows: [string[], string, number][] = [
    [[], '203.0.113.7', 403],
    [['203.0.113.7'], '203.0.113.7', 401],
    [['203.0.113.7'], '203.0.113.8', 403],
    [['203.0.113.0/24'], '203.0.113.8', 401],
    [['203.0.113.0/24'], '203.0.114.8', 403],
    [['203.0.113.0/24'], '::ffff:203.0.113.8', 401],
    [['203.0.113.0/24'], '2001:db8::1', 403],
  ];
  for (const [allowed, from, status] of rows) {
    test(`answers ${from} with ${status} where ${allowed.join() || 'nobody'} is allowed`, async () => {
      await set(deny(...allowed));
      const answer = await knock(from);
      assert.equal(answer.status, status);
      if (status === 403)
        assert.match(answer.text('errors.0.message'), /^client with IP '.*' is not allowed access/);
    });
  }

  test('opens again, and closes to all, at the next request', async () => {
    await set({ networkRuleSet: { defaultAction: 'Allow', ipRules: [] } });
    assert.equal((await knock('203.0.113.7')).status, 401);
    await set({ publicNetworkAccess: 'Disabled' });
    assert.equal((await knock()).status, 403);
    await set({ publicNetworkAccess: 'Enabled' });
    assert.equal((await knock()).status, 401);
  });
});
