// What an import means for a site that was in touch before the export: nobody knows what it was told, or brought up, after that.
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { openImages } from '../../fixtures/cloud-images.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { provision, registry } from '../../fixtures/provisioned-cloud.ts';
import { activateNode, type SpokenNode } from '../../fixtures/spoken-node.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { exportControlPlane } from './export.ts';
import { importControlPlane } from './import.ts';

describe('a site after an import', ({ before, after, test }) => {
  let cloud: Cloud;
  let node: SpokenNode;
  let position: object;
  const asksForAll = async (): Promise<unknown> => (await node.round(position)).at('fullSync.trigger');
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
    await (await openImages(cloud, registry)).push('app:v1');
    node = await activateNode(cloud);
    const { cursor, cursorMark, feedId, grantsRevision } = (await node.round()).body as Record<
      string,
      unknown
    >;
    position = { cursor, cursorMark, feedId, grantsRevision };
  });
  after(() => cloud.close());

  test('is asked to compare all, once, though it has read no further than what was exported', async () => {
    assert.equal(await asksForAll(), undefined);
    const [dataFolder, file] = [join(cloud.folder, 'data'), join(cloud.folder, 'export.tar')];
    const credentialFile = join(cloud.folder, 'credential.json');
    await exportControlPlane({ dataFolder, credentialFile, file, clock: systemClock });
    await cloud.stop();
    await rename(dataFolder, `${dataFolder}-before`);
    await importControlPlane({ dataFolder, credentialFile, file });
    await cloud.start();
    const announced = await node.round(position);
    assert.equal(announced.at('fullSync.trigger'), 'RecoveryService');
    const page = await node.round({ ...position, fullSyncAfter: announced.at('fullSync.next') });
    assert.equal((page.at('fullSync.entries') as unknown[]).length, 1);
    assert.equal(await asksForAll(), undefined);
  });

  test('is not when a control plane is started again', async () => {
    await cloud.restart();
    assert.equal(await asksForAll(), undefined);
  });
});
