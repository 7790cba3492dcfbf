// importImage against sources that are not ours, and what a restart and a deletion make of it.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import {
  type DockerRegistry,
  missingDockerRegistry,
  startDockerRegistry,
  user,
} from '../../../fixtures/clients/docker-registry.ts';
import { type Answer, type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { buildImage, storeImage, uploadImage } from '../../../fixtures/images/stored.ts';
import { type Link, startLink } from '../../../fixtures/link.ts';
import { create, group, registry } from '../../../fixtures/provisioned-cloud.ts';
import { startRegistry, type TestRegistry } from '../../../fixtures/registry.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';
import type { OperationProgress } from '../../store/operations.ts';
import { openRemoteRegistry } from '../../../registry-node/remote/open.ts';

const mebibyte = 1024 * 1024;

async function startWithRegistry(): Promise<Cloud> {
  const cloud = await startCloud();
  await cloud.arm('PUT', group, { location: 'westeurope' });
  await cloud.settle(await cloud.arm('PUT', registry, create()));
  return cloud;
}

describe(
  'an import from docker-registry, over TLS and with a password',
  ({ before, after, test, skip }) => {
    const missing = missingDockerRegistry();
    if (missing) return skip('brings the image', missing);
    const trusted = getCACertificates('default');
    let folder: string;
    let source: DockerRegistry;
    let cloud: Cloud;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-source-'));
      source = await startDockerRegistry(folder);
      cloud = await startWithRegistry();
      const { host: endpoint, authority: certificateAuthority } = source;
      const remote = openRemoteRegistry({
        endpoint,
        protocol: 'https',
        credentials: user,
        certificateAuthority,
      });
      await uploadImage(remote, 'app', buildImage('from docker-registry', [3 * mebibyte]), '1');
      await remote.close();
    });
    after(async () => {
      setDefaultCACertificates(trusted);
      await cloud.close();
      await source.close();
      await rm(folder, { recursive: true });
    });
    const importImage = async (credentials: object, target: string): Promise<Answer> =>
      cloud.settle(
        await cloud.arm('POST', `${registry}/importImage`, {
          source: { registryUri: source.host, credentials, sourceImage: 'app:1' },
          targetTags: [target],
        }),
      );

    test('is refused while its authority is not trusted', async () => {
      const ended = await importImage(user, 'first:1');
      assert.equal(ended.at('error.code'), 'ImportSourceUnreachable');
      assert.match(ended.text('error.message'), /certificate is not trusted/);
    });

    test('brings the image once its authority is, as by NODE_EXTRA_CA_CERTS', async () => {
      setDefaultCACertificates([...trusted, source.authority]);
      const ended = await importImage(user, 'second:1');
      assert.deepEqual([ended.status, ended.at('percentComplete')], [200, 100]);
      assert.ok(Number(ended.at('properties.bytesTotal')) > 3 * mebibyte);
      const usage = await cloud.arm('GET', `${registry}/listUsages`);
      assert.equal(usage.at('value.0.currentValue'), ended.at('properties.bytesTotal'));
    });

    test('says that a password is wrong', async () => {
      const ended = await importImage({ ...user, password: 'wrong' }, 'third:1');
      assert.deepEqual([ended.status, ended.at('error.code')], [400, 'ImportSourceUnauthorized']);
      assert.match(ended.text('error.message'), /^Operation registries-\S+ failed\. Resource .* 401/);
    });
    return undefined;
  },
  { timeoutMs: 40_000 },
);

describe(
  'an import that lasts',
  ({ beforeEach, afterEach, test }) => {
    const layerBytes = 48 * mebibyte;
    let source: TestRegistry;
    let link: Link;
    let cloud: Cloud;
    beforeEach(async () => {
      source = await startRegistry({ anonymous: ['repositories/*/content/read'] });
      await storeImage(source.content, 'app', buildImage('lasting', [layerBytes]), ['1']);
      link = await startLink({ targetPort: source.port, bytesPerSecond: 24 * mebibyte });
      cloud = await startWithRegistry();
    });
    afterEach(async () => {
      await cloud.close();
      await link.close();
      await source.close();
    });
    const begin = async (): Promise<Answer> =>
      cloud.arm('POST', `${registry}/importImage`, {
        source: { registryUri: `127.0.0.1:${link.port}`, sourceImage: 'app:1' },
      });
    const passes = (bytes: number): Promise<unknown> =>
      waitFor('some of it to arrive', () => link.passed.downBytes > bytes);

    test('tells how far it is', async () => {
      const begun = await begin();
      await passes(2 * mebibyte);
      const running = await cloud.arm('GET', new URL(String(begun.headers.location)).pathname);
      assert.deepEqual([running.status, running.at('status')], [202, 'Accepted']);
      const { bytesDone, bytesTotal } = running.at('properties') as OperationProgress;
      assert.ok(bytesDone > 0 && bytesDone < bytesTotal, `${bytesDone} of ${bytesTotal}`);
      assert.ok(Number(running.at('percentComplete')) > 0);
    });

    test('goes on after a restart with what had arrived', async () => {
      const begun = await begin();
      await passes(layerBytes / 2);
      await cloud.restart();
      const path = new URL(String(begun.headers.location)).pathname;
      const ended = await waitFor('the end', async () => {
        const answer = await cloud.arm('GET', path);
        return answer.status !== 202 && answer;
      });
      assert.deepEqual([ended.status, ended.at('status')], [200, 'Succeeded']);
      // What is under way is lost: a range of 16 MiB is durable when it ends.
      assert.ok(link.passed.downBytes < layerBytes + 20 * mebibyte, `${link.passed.downBytes} bytes`);
    });

    test('ends when its registry is deleted, and leaves nothing', async () => {
      const begun = await begin();
      await passes(mebibyte);
      assert.equal((await cloud.arm('DELETE', registry)).status, 200);
      const ended = await cloud.settle(begun);
      assert.deepEqual([ended.status, ended.at('error.code')], [400, 'ImportFailed']);
      assert.match(ended.text('error.message'), /the registry was deleted/);
      assert.deepEqual(await readdir(join(cloud.folder, 'data/registries')), []);
    });
  },
  { timeoutMs: 30_000 },
);
