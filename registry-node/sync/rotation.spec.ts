// A sync password that is made anew under a running node whose connection string lies in a file.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPassword } from '../../fixtures/parent.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { arrives, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { formatConnectionString } from '../connection-string.ts';

describe(
  'a node whose password is made anew',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    let file: string;
    beforeEach(async () => {
      stage = await SyncStage.set();
      file = join(stage.folder, 'connection-string');
    });
    afterEach(() => stage.strike());
    const write = (port: number, syncTokenPassword: string, connectedRegistryName = 'site1'): Promise<void> =>
      writeFile(
        file,
        formatConnectionString({
          connectedRegistryName,
          syncTokenName: 'site1',
          syncTokenPassword,
          parentGatewayEndpoint: `127.0.0.1:${port}`,
          parentEndpointProtocol: 'http',
        }),
      );

    test('goes on with the one that its file holds by then, without a restart', async () => {
      const parent = await stage.parent();
      await write(parent.port, syncPassword);
      const node = await stage.node(parent.port, { connectionStringFile: file });
      const registry = stage.client(node);
      await arrives(registry, 'v1', await storeImage(parent.content, 'app', buildImage('before'), ['v1']));
      await write(parent.port, 'made anew');
      parent.password = 'made anew';
      await arrives(registry, 'v2', await storeImage(parent.content, 'app', buildImage('after'), ['v2']));
      await waitFor('no trouble', () => parent.status?.statusDetails.length === 0);
    });

    test('starts with it, and says what is wrong as long as the file holds nothing better', async () => {
      const parent = await stage.parent();
      await write(parent.port, syncPassword);
      const before = await stage.node(parent.port, { connectionStringFile: file });
      assert.equal(await before.firstContact, undefined);
      await stage.close(before);
      parent.password = 'made anew';
      for (const wrong of [() => write(parent.port, 'another'), () => writeFile(file, 'nonsense')]) {
        await wrong();
        const node = await stage.node(parent.port, { connectionStringFile: file });
        assert.match((await node.firstContact) ?? '', /Incorrect Password/);
        await stage.close(node);
      }
      await write(parent.port, 'made anew', 'another1');
      const foreign = await stage.node(parent.port, { connectionStringFile: file });
      assert.match((await foreign.firstContact) ?? '', /Incorrect Password/);
      await stage.close(foreign);
      await write(parent.port, 'made anew');
      const node = await stage.node(parent.port, { connectionStringFile: file });
      assert.equal(await node.firstContact, undefined);
    });
  },
  { timeoutMs: 30_000 },
);
