// The one property of a connected registry that Azure does not have: set, shown, and left alone by clients that do not know it.
import { type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { connect, provision, registry } from '../../../fixtures/provisioned-cloud.ts';

const path = `${registry}/connectedRegistries/factory1`;
const syncFilter = [
  {
    repository: 'app/*',
    platforms: ['linux/amd64'],
    tags: { include: ['v*'], exclude: ['*-rc*'], newest: 5 },
  },
];

describe('the sync filter of a connected registry', ({ test, before, after }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
  });
  after(() => cloud.close());
  const change = (properties: object) => cloud.arm('PATCH', path, { properties });
  const shown = async (): Promise<unknown> => (await cloud.arm('GET', path)).at('properties.syncFilter');

  test('is not there before somebody sets it', async () => {
    assert.equal(await shown(), undefined);
  });

  test('is shown as it was set, on its own, in lists and in the plan', async () => {
    const answer = await change({ syncFilter });
    assert.deepEqual([answer.status, answer.at('properties.syncFilter')], [200, syncFilter]);
    assert.deepEqual(await shown(), syncFilter);
    const plan = await cloud.arm('GET', `${path}/syncPlan`);
    assert.deepEqual([plan.at('syncFilter'), plan.at('tagsFiltered')], [syncFilter, 0]);
  });

  test('is left alone by a PATCH and a PUT as az sends them', async () => {
    await change({ syncFilter });
    await change({
      logging: { logLevel: 'Debug' },
      syncProperties: { messageTtl: 'P3D' },
      notificationsList: [],
    });
    assert.deepEqual(await shown(), syncFilter);
    assert.equal((await connect(cloud, 'factory1', { tokenId: 'sync1' })).status, 200);
    assert.deepEqual(await shown(), syncFilter);
  });

  for (const [what, none] of [
    ['null', null],
    ['no rules', []],
  ] as const) {
    test(`goes with ${what}`, async () => {
      await change({ syncFilter });
      await change({ syncFilter: none });
      assert.equal(await shown(), undefined);
    });
  }

  test('that is wrong is refused with the place that is wrong, and changes nothing', async () => {
    await change({ syncFilter });
    const answer = await change({ syncFilter: [...syncFilter, { repository: 'app', tags: { newest: 0 } }] });
    assert.equal(answer.status, 400);
    assert.match(answer.text('error.message'), /syncFilter/);
    assert.match(answer.text('error.message'), /newest/);
    assert.deepEqual(await shown(), syncFilter);
  });
});
