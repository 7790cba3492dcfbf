// What a site is shown to hold when nodes on the way to it have set an image aside, which they could not copy whole: their place in
// the feed has passed it all the same.
import { type Answer, type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { openImages } from '../../../fixtures/cloud-images.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { provision, registry } from '../../../fixtures/provisioned-cloud.ts';
import { activateNode, type SpokenNode, statusOf } from '../../../fixtures/spoken-node.ts';
import type { Applied } from '../../../registry-node/gateway/protocol.ts';
import type { Digest } from '../../../registry-node/oci/digest.ts';

describe('what was set aside on the way to a site', ({ test, before, after }) => {
  let cloud: Cloud;
  let node: SpokenNode;
  let damaged: Digest;
  let applied: Applied;
  /** Both nodes report that all is applied, and what each of them has set aside. */
  const report = (setAside: { factory1?: Digest[]; machine1?: Digest[] }): Promise<Answer> => {
    const below = { ...applied, grants: [...applied.grants, ...applied.grants] };
    const { factory1 = [], machine1 = [] } = setAside;
    return node.round({
      reportOnly: true,
      status: statusOf({ applied, setAside: factory1 }),
      descendants: { machine1: statusOf({ applied: below, setAside: machine1 }) },
    });
  };
  const ask = (name: string, what: string): Promise<Answer> =>
    cloud.arm('GET', `${registry}/connectedRegistries/${name}/${what}`);
  const states = async (name: string): Promise<unknown[]> => {
    const tags = (await ask(name, 'siteContent')).at('value.0.tags') as { name: string; state: string }[];
    return tags.map((tag) => `${tag.name} ${tag.state}`);
  };

  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
    const images = await openImages(cloud, registry);
    damaged = await images.push('app:damaged');
    await images.push('app:whole');
    node = await activateNode(cloud);
    const told = (await node.round()).body as { applied: Applied; grantsRevision: string };
    applied = { ...told.applied, grants: [told.grantsRevision] };
  });
  after(() => cloud.close());

  test('all is there when nobody set anything aside', async () => {
    await report({});
    for (const name of ['factory1', 'machine1'])
      assert.deepEqual(await states(name), ['damaged OnSite', 'whole OnSite'], name);
  });

  test('is missing there, and below, and is in the plan of what comes', async () => {
    await report({ factory1: [damaged] });
    for (const name of ['factory1', 'machine1']) {
      assert.deepEqual(await states(name), ['damaged Missing', 'whole OnSite'], name);
      const plan = await ask(name, 'syncPlan');
      assert.deepEqual([plan.at('copies.0.tags'), plan.at('copies.1')], [['damaged'], undefined]);
      assert.ok(Number(plan.at('bytesLeft')) > 1000);
    }
  });

  test('is there above a node that has set it aside', async () => {
    await report({ machine1: [damaged] });
    assert.deepEqual(await states('factory1'), ['damaged OnSite', 'whole OnSite']);
    assert.deepEqual(await states('machine1'), ['damaged Missing', 'whole OnSite']);
  });
});
