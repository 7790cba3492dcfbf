// Names at the edges of what each type allows: the shortest and the longest are taken, one character beyond is not.
import { type Answer, type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { connect, create, idOf, provision, registries, registry } from '../../fixtures/provisioned-cloud.ts';

const long = (length: number): string => 'n'.repeat(length);

describe('names', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
  });
  after(() => cloud.close());

  const types: Record<string, { make: (name: string) => Promise<Answer>; good: string[]; bad: string[] }> = {
    'resource group': {
      make: (name) => cloud.arm('PUT', `resourceGroups/${name}`, { location: 'westeurope' }),
      good: ['a', long(90), 'a.b(c)_d-e'],
      bad: [long(91), 'ends.', 'with%20space', 'with$'],
    },
    registry: {
      make: (name) => cloud.arm('PUT', `${registries}/${name}`, create()),
      good: ['five5', long(50)],
      bad: ['four', long(51), 'with-dash', 'with_line', 'Umläut'],
    },
    'scope map': {
      make: (name) => cloud.arm('PUT', `${registry}/scopeMaps/${name}`, { properties: { actions: [] } }),
      good: ['five5', long(50), '_a-b_', '12345'],
      bad: ['four', long(51), 'with.dot', 'with%20space'],
    },
    token: {
      make: (name) =>
        cloud.arm('PUT', `${registry}/tokens/${name}`, {
          properties: { scopeMapId: idOf(cloud, `${registry}/scopeMaps/_repositories_pull`) },
        }),
      good: ['five5', long(50), 'a-b-c', '12345'],
      bad: ['four', long(51), 'with_line', 'with.dot'],
    },
    'connected registry': {
      make: async (name) => {
        const answer = await connect(cloud, name, { tokenId: 'sync3' });
        if (answer.status === 200) await cloud.arm('DELETE', `${registry}/connectedRegistries/${name}`);
        return answer;
      },
      good: ['five5', long(50), '1site'],
      bad: ['four', long(51), 'with-dash', 'with_line'],
    },
  };
  for (const [type, { make, good, bad }] of Object.entries(types)) {
    for (const name of good) {
      test(`of a ${type} may be ${name}`, async () => {
        const answer = await make(name);
        assert.ok(answer.status < 300, `${answer.status} ${JSON.stringify(answer.body)}`);
        if (answer.headers['azure-asyncoperation']) await cloud.settle(answer);
      });
    }
    for (const name of bad) {
      test(`of a ${type} may not be ${name}`, async () => {
        const answer = await make(name);
        assert.deepEqual([answer.status, answer.at('error.code')], [400, 'InvalidResourceName']);
      });
    }
  }

  test('are one in any case, and stay as they were first spelled', async () => {
    const again = await cloud.arm('PUT', `${registry}/scopeMaps/SYNC-MAP`, {
      properties: { actions: [], description: 'd'.repeat(256) },
    });
    assert.equal(again.text('name'), 'sync-map');
  });
});
