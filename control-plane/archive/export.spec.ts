// An export of a control plane that does not hold still, and of a disk that lost something.
import { mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, uploadImage } from '../../fixtures/images/stored.ts';
import { create, provision, registries, registry } from '../../fixtures/provisioned-cloud.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { digestHex } from '../../registry-node/oci/digest.ts';
import { openRemoteRegistry } from '../../registry-node/remote/open.ts';
import { type Exported, exportControlPlane } from './export.ts';
import { importControlPlane } from './import.ts';

const image = buildImage('exported', [5000]);

describe(
  'an export',
  ({ before, after, test }) => {
    let cloud: Cloud;
    const place = (name: string): string => join(cloud.folder, name);
    const exportTo = (name: string): Promise<Exported> =>
      exportControlPlane({
        dataFolder: place('data'),
        credentialFile: place('credential.json'),
        file: place(name),
        clock: systemClock,
      });
    /** @returns the folders of the registries that came back */
    const importFrom = async (name: string): Promise<string[]> => {
      const dataFolder = place(`from-${name}`);
      const credentialFile = join(dataFolder, '..', `${name}.json`);
      await importControlPlane({ file: place(name), dataFolder, credentialFile });
      return readdir(join(dataFolder, 'registries'));
    };

    before(async () => {
      cloud = await startCloud();
      await provision(cloud);
      const admin = await cloud.arm('POST', `${registry}/listCredentials`);
      const credentials = { username: admin.text('username'), password: admin.text('passwords.0.value') };
      const endpoint = (await cloud.arm('GET', registry)).text('properties.loginServer');
      const remote = openRemoteRegistry({ endpoint, protocol: 'http', credentials });
      await uploadImage(remote, 'app', image, 'v1');
      await remote.close();
    });
    after(() => cloud.close());

    test('is whole while registries come and go', async () => {
      const ended = new AbortController();
      const churn = async (): Promise<void> => {
        for (let count = 0; !ended.signal.aborted; count++) {
          const path = `${registries}/fleeting${count % 3}`;
          await cloud.settle(await cloud.arm('PUT', path, create()));
          await cloud.arm('DELETE', path);
        }
      };
      const churning = churn();
      try {
        for (let count = 0; count < 8; count++) {
          const { registries: names, blobsMissing } = await exportTo(`${count}.tar`);
          assert.deepEqual(
            names.filter((name) => !name.startsWith('fleeting')),
            ['basicregistry', 'myregistry'],
          );
          assert.equal(blobsMissing, 0);
          assert.ok((await importFrom(`${count}.tar`)).length >= 2);
        }
      } finally {
        ended.abort();
        await churning;
      }
    });

    test('is made once at a time', async () => {
      const outcomes = await Promise.allSettled([exportTo('first.tar'), exportTo('second.tar')]);
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      const [reason] = outcomes.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
      assert.match(reason ?? '', /is being exported already/);
      assert.equal((await readdir(cloud.folder)).filter((name) => name.includes('partial')).length, 0);
    });

    test('removes what one left behind that was killed', async () => {
      await mkdir(place('data/export/registries'), { recursive: true });
      await writeFile(place('data/export/registries/left'), 'over');
      await exportTo('after.tar');
      assert.ok(!(await readFile(place('after.tar'))).includes('registries/left'));
      assert.ok(!(await readdir(place('data'))).includes('export'));
    });

    test('counts the blobs that the disk has lost, and holds all others', async () => {
      const [config, layer] = image.blobs.map(({ digest }) => digestHex(digest));
      const folder = (await readdir(place('data/registries'))).find((name) => name.startsWith('myregistry'));
      const blobs = `registries/${folder}/content/blobs/sha256`;
      await unlink(place(`data/${blobs}/${layer!.slice(0, 2)}/${layer}`));
      assert.equal((await exportTo('lost.tar')).blobsMissing, 1);
      await importFrom('lost.tar');
      assert.ok(
        (await readFile(place(`from-lost.tar/${blobs}/${config!.slice(0, 2)}/${config}`))).length > 0,
      );
    });
  },
  { timeoutMs: 60_000 },
);
