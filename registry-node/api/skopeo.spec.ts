// The registry as a real client meets it: skopeo signs in, pushes images, indexes and artifacts, and pulls back the same bytes.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingSkopeo, openSkopeo, type Skopeo } from '../../fixtures/clients/skopeo.ts';
import { refused, succeeded } from '../../fixtures/clients/outcome.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { Layout } from '../../fixtures/images/layout.ts';
import { owner, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';

describe(
  'skopeo at a registry',
  ({ test, skip, before, after }) => {
    let folder: string;
    let registry: TestRegistry;
    let skopeo: Skopeo;
    let layout: Layout;
    const missing = missingSkopeo();
    const real = (name: string, body: () => Promise<void>): void => {
      if (missing === undefined) test(name, body);
      else skip(name, missing);
    };

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-skopeo-'));
      registry = await startRegistry({
        users: {
          [owner]: {
            password: 'secret',
            actions: ['content/read', 'content/write'].map((a) => `repositories/*/${a}`),
          },
          reader: { password: 'secret', actions: ['repositories/team/app/content/read'] },
        },
      });
      skopeo = openSkopeo(folder);
      layout = await Layout.create(join(folder, 'source'));
    });
    after(async () => {
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    });

    real('pushes an image and pulls the same bytes back', async () => {
      const image = await layout.image({ seed: 'one', layerBytes: [3_000_000, 1000] });
      await layout.tag(image, 'one');
      succeeded(await skopeo.login(registry.host, owner, 'secret'));
      succeeded(await skopeo.copy(`oci:${layout.folder}:one`, `docker://${registry.host}/team/app:one`));
      assert.equal(await skopeo.digestOf(`${registry.host}/team/app:one`), image.digest);
      const target = await Layout.create(join(folder, 'pulled-one'));
      succeeded(await skopeo.copy(`docker://${registry.host}/team/app:one`, `oci:${target.folder}:one`));
      assert.deepEqual(await blobs(target), await blobs(layout));
    });

    real('pushes an index of two platforms with its images', async () => {
      const images = await Promise.all(
        ['amd64', 'arm64'].map((architecture) =>
          layout.image({ seed: architecture, layerBytes: [50_000], architecture }),
        ),
      );
      const index = await layout.index(images);
      await layout.tag(index, 'multi');
      succeeded(await skopeo.login(registry.host, owner, 'secret'));
      succeeded(await skopeo.copy(`oci:${layout.folder}:multi`, `docker://${registry.host}/team/app:multi`));
      assert.equal(await skopeo.digestOf(`${registry.host}/team/app@${index.digest}`), index.digest);
      for (const image of images) {
        assert.equal(await skopeo.digestOf(`${registry.host}/team/app@${image.digest}`), image.digest);
      }
    });

    real('mounts what another repository holds, and sends no blob twice', async () => {
      const before = await registry.content.storedBytes();
      succeeded(await skopeo.login(registry.host, owner, 'secret'));
      succeeded(
        await skopeo.copy(
          `docker://${registry.host}/team/app:multi`,
          `docker://${registry.host}/team/copy:multi`,
        ),
      );
      assert.equal(await registry.content.storedBytes(), before);
    });

    real('lets a reader pull and not push', async () => {
      succeeded(await skopeo.login(registry.host, 'reader', 'secret'));
      const target = await Layout.create(join(folder, 'pulled-by-reader'));
      succeeded(await skopeo.copy(`docker://${registry.host}/team/app:one`, `oci:${target.folder}:one`));
      refused(await skopeo.copy(`oci:${layout.folder}:one`, `docker://${registry.host}/team/app:two`));
      refused(await skopeo.copy(`docker://${registry.host}/team/copy:multi`, `oci:${target.folder}:multi`));
    });

    real('refuses a wrong password at the door', async () => {
      const login = await skopeo.login(registry.host, owner, 'guessed');
      assert.equal(login.code, 1);
      assert.match(login.stderr, /invalid username\/password/);
    });
  },
  { timeoutMs: 60_000 },
);

async function blobs(layout: Layout): Promise<string[]> {
  return (await readdir(join(layout.folder, 'blobs', 'sha256'))).sort();
}
