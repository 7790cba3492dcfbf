// Starting and stopping: what keeps a control plane from starting and how it says so, what a stop interrupts and the
// next start takes up, and the host names that it answers to with a domain.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createPort } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { type Answer, type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { openDataFolder } from './data-folder.ts';
import { startControlPlane } from './index.ts';

const group = 'resourceGroups/acr-rg';
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/myregistry`;
const premium = {
  location: 'westeurope',
  sku: { name: 'Premium' },
  properties: { dataEndpointEnabled: true },
};
const logger = pino({ level: 'silent' });

async function withRegistry(options: Parameters<typeof startCloud>[0] = {}): Promise<Cloud> {
  const cloud = await startCloud(options);
  await cloud.arm('PUT', group, { location: 'westeurope' });
  await cloud.settle(await cloud.arm('PUT', registry, premium));
  return cloud;
}

const configOf = (cloud: Cloud) => ({
  dataFolder: `${cloud.folder}/data`,
  credentialFile: `${cloud.folder}/second.json`,
  host: '127.0.0.1',
  port: 0,
  registryPortFirst: 0,
});

describe('a control plane does not start', ({ beforeEach, afterEach, test }) => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await withRegistry();
  });
  afterEach(() => cloud.close());

  test('over a data folder that another one uses', async () => {
    await assert.rejects(
      startControlPlane(configOf(cloud), { logger }),
      /is in use: process \d+ .*acrc control-plane stop/s,
    );
    assert.equal((await cloud.arm('GET', registry)).status, 200, 'the first one goes on');
  });

  test('on a port that is taken, and lets go of its data folder', async () => {
    const port = Number(new URL(cloud.credential.endpoint).port);
    const config = { ...configOf(cloud), dataFolder: `${cloud.folder}/other`, port };
    await assert.rejects(
      startControlPlane(config, { logger }),
      new RegExp(`Port ${port} on 127.0.0.1 is taken`),
    );
    const running = await startControlPlane({ ...config, port: 0 }, { logger });
    await running.close();
  });

  test('when the port of one of its registries is taken', async () => {
    const host = (await cloud.arm('GET', registry)).text('properties.loginServer');
    const port = Number(host.split(':')[1]);
    await cloud.stop();
    const squatter = createPort();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    try {
      await assert.rejects(cloud.start(), new RegExp(`The registry myregistry keeps its port.*${port}`));
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
    await cloud.start();
    assert.equal((await cloud.arm('GET', registry)).status, 200);
  });

  test('over data of a newer version, and leaves it alone', async () => {
    await cloud.stop();
    const database = new DatabaseSync(`${cloud.folder}/data/database.sqlite`);
    database.exec("INSERT INTO schema_migrations (position, name) VALUES (99, 'from the future')");
    await assert.rejects(cloud.start(), /written by a newer version of acrc.*Nothing was changed/s);
    database.exec('DELETE FROM schema_migrations WHERE position = 99');
    database.close();
    await cloud.start();
  });
});

describe('a data folder', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
  });
  after(() => cloud.close());

  test('is free again when the process that used it was killed', async () => {
    const folder = `${cloud.folder}/killed`;
    const script = `
      import { openDataFolder } from ${JSON.stringify(new URL('data-folder.ts', import.meta.url).href)};
      await openDataFolder(${JSON.stringify(folder)});
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
    assert.equal(child.signal, 'SIGKILL', child.stderr.toString());
    (await openDataFolder(folder)).close();
  });
});

describe('without a domain', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await withRegistry({});
  });
  after(() => cloud.close());

  test('a data endpoint has its region in its second label, and is covered by the certificate', async () => {
    const { body } = await cloud.arm('GET', registry);
    const { properties } = body as { properties: { loginServer: string; dataEndpointHostNames: string[] } };
    const endpoint = `myregistry.westeurope.data.${properties.loginServer}`;
    assert.deepEqual(properties.dataEndpointHostNames, [endpoint]);
    assert.equal((await cloud.call(`https://${endpoint}/v2/`)).status, 401);
  });
});

describe('with a domain', ({ before, after, test }) => {
  let cloud: Cloud;
  const authorization = (): string =>
    `Basic ${Buffer.from(`${cloud.credential.clientId}:${cloud.credential.clientSecret}`).toString('base64')}`;
  before(async () => {
    cloud = await withRegistry({ domain: 'acr.example.com' });
  });
  after(() => cloud.close());

  test('registries are named below it', async () => {
    const { body } = await cloud.arm('GET', registry);
    const { properties } = body as { properties: Record<string, unknown> };
    assert.equal(properties.loginServer, 'myregistry.acr.example.com');
    assert.deepEqual(properties.dataEndpointHostNames, ['myregistry.westeurope.data.acr.example.com']);
  });

  const rows: [string, number][] = [
    ['myregistry.acr.example.com/v2/', 200],
    ['MyRegistry.acr.example.com/v2/', 200],
    ['myregistry.westeurope.data.acr.example.com/v2/', 200],
    ['missing.acr.example.com/v2/', 404],
    ['acr.example.com/metadata/endpoints', 200],
    ['acr.example.com//metadata/endpoints', 200],
    ['management.acr.example.com/metadata/endpoints', 200],
  ];
  for (const [address, status] of rows) {
    test(`${address} is answered ${status}, under a certificate that covers it`, async () => {
      const answer = await cloud.call(`https://${address}`, { headers: { authorization: authorization() } });
      assert.equal(answer.status, status, JSON.stringify(answer.body));
    });
  }

  test('a region that is not the registry’s leads nowhere', async () => {
    const other = 'http://myregistry.eastus.data.acr.example.com/v2/';
    assert.equal((await cloud.call(other)).status, 404);
  });
});

describe(
  'an import that a stop interrupts',
  ({ beforeEach, afterEach, test }) => {
    let cloud: Cloud;
    let source: Source;
    beforeEach(async () => {
      cloud = await withRegistry();
      source = await startSource();
    });
    afterEach(async () => {
      await cloud.close();
      await source.close();
    });

    const start = async (credentials?: object): Promise<string> => {
      const answer = await cloud.arm('POST', `${registry}/importImage`, {
        source: { registryUri: source.host, credentials, sourceImage: 'app:1' },
      });
      await source.blobAsked;
      return new URL(String(answer.headers.location)).pathname;
    };

    test('ends after the next start', async () => {
      const operation = await start();
      assert.equal((await cloud.arm('GET', operation)).status, 202);
      await cloud.stop();
      source.release();
      await cloud.start();
      const ended = await ended202(cloud, operation);
      const properties = { bytesDone: 2, bytesTotal: 2 };
      assert.deepEqual(
        [ended.status, ended.body],
        [200, { status: 'Succeeded', percentComplete: 100, properties }],
      );
    });

    test('fails, with the reason, when it had credentials: those are not kept', async () => {
      const operation = await start({ username: 'user', password: 'a secret of the source' });
      await cloud.stop();
      const database = new DatabaseSync(`${cloud.folder}/data/database.sqlite`, { readOnly: true });
      const kept = JSON.stringify(database.prepare('SELECT document FROM operations').all());
      database.close();
      assert.ok(!kept.includes('a secret of the source'));
      await cloud.start();
      const ended = await ended202(cloud, operation);
      assert.deepEqual([ended.status, ended.at('error.code')], [400, 'ImportFailed']);
      assert.match(ended.text('error.message'), /restarted .* Import again/);
    });
  },
  { timeoutMs: 40_000 },
);

function ended202(cloud: Cloud, operation: string): Promise<Answer> {
  return waitFor(`${operation} to end`, async () => {
    const answer = await cloud.arm('GET', operation);
    return answer.status !== 202 && answer;
  });
}

interface Source {
  host: string;
  /** Resolves when a blob was asked for. */
  blobAsked: Promise<void>;
  /** Until then a blob's answer does not come. */
  release(): void;
  close(): Promise<unknown>;
}

/** A registry with one image, whose blobs wait. */
async function startSource(): Promise<Source> {
  const blob = Buffer.from('{}');
  const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
  const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: blob.length };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: descriptor, layers: [] });
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const server: Server = createServer((request, response) => {
    if (request.url?.includes('/manifests/'))
      return response.writeHead(200, { 'content-type': mediaType }).end(manifest);
    if (!request.url?.includes('/blobs/')) return response.writeHead(200).end();
    asked.resolve();
    void released.promise.then(() => response.writeHead(200).end(blob));
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    blobAsked: asked.promise,
    release: () => released.resolve(),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
