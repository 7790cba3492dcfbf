// A control plane whose way out is an HTTP proxy: it tells webhooks and fetches imports through it.
import { readFile } from 'node:fs/promises';
import { assert, describe } from '../fixtures/describe.ts';
import { type Answer, type Cloud, startCloud } from '../fixtures/cloud.ts';
import { freePort } from '../fixtures/free-port.ts';
import { type HttpProxy, startHttpProxy } from '../fixtures/http-proxy.ts';
import { buildImage, uploadImage } from '../fixtures/images/stored.ts';
import { create, group, registries, registry } from '../fixtures/provisioned-cloud.ts';
import { startReceiver } from '../fixtures/receiver.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { makeWebhook, shownEvents } from '../fixtures/webhooks.ts';
import { openRemoteRegistry } from '../registry-node/remote/open.ts';

/** Only the proxy finds its names: they lead to this control plane, which has a certificate for them. */
const domain = 'acr.example.com';
const elsewhere = `${registries}/elsewhere`;
const source = `elsewhere.${domain}`;

describe(
  'a control plane behind a proxy',
  ({ beforeEach, afterEach, test }) => {
    let proxy: HttpProxy;
    let cloud: Cloud;
    const start = async (status = 200): Promise<void> => {
      const port = await freePort();
      proxy = await startHttpProxy(port, status);
      const url = new URL(proxy.url.href.replace('//', '//ship:secret@'));
      cloud = await startCloud({ port, domain, outgoingProxy: { url, except: 'straight.example.com' } });
      await cloud.arm('PUT', group, { location: 'westeurope' });
      for (const path of [registry, elsewhere])
        await cloud.settle(await cloud.arm('PUT', path, create({ properties: { adminUserEnabled: true } })));
    };
    beforeEach(async () => {
      await start();
    });
    afterEach(async () => {
      await cloud.close();
      await proxy.close();
    });
    const importImage = async (credentials?: object): Promise<Answer> =>
      cloud.settle(
        await cloud.arm('POST', `${registry}/importImage`, {
          source: { registryUri: source, sourceImage: 'app:1', credentials },
        }),
      );
    const reasonOf = (name: string): Promise<string> =>
      waitFor('the event', async () => {
        const [event] = await shownEvents(cloud, name);
        return event && `${event.eventResponseMessage.statusCode} ${event.eventResponseMessage.reasonPhrase}`;
      });

    test('fetches imports through it', async () => {
      const admin = await cloud.arm('POST', `${elsewhere}/listCredentials`);
      const credentials = { username: admin.text('username'), password: admin.text('passwords.0.value') };
      const remote = openRemoteRegistry({
        endpoint: source,
        protocol: 'https',
        credentials,
        certificateAuthority: await readFile(cloud.credential.certificateAuthorityFile, 'utf8'),
        proxy: { url: proxy.url },
      });
      await uploadImage(remote, 'app', buildImage('elsewhere'), '1');
      await remote.close();
      proxy.asked.length = 0;
      const ended = await importImage(credentials);
      assert.deepEqual([ended.status, ended.at('status')], [200, 'Succeeded'], JSON.stringify(ended.body));
      assert.deepEqual([...new Set(proxy.asked)], [`ship:secret@${source}:443`]);
    });

    test('tells webhooks through it, but for those on this machine and those that need none', async () => {
      const receiver = await startReceiver();
      await makeWebhook(cloud, 'outside', `https://nowhere.${domain}/hook`);
      await makeWebhook(cloud, 'inside', receiver.url);
      await makeWebhook(cloud, 'excepted', 'https://straight.example.com/hook');
      for (const name of ['outside', 'inside', 'excepted'])
        await cloud.arm('POST', `${registry}/webhooks/${name}/ping`);
      assert.match(await reasonOf('outside'), /^404 /, 'the control plane has no such registry');
      assert.match(await reasonOf('inside'), /^200 /);
      assert.match(await reasonOf('excepted'), /^undefined Not delivered: /);
      assert.deepEqual(proxy.asked, [`ship:secret@nowhere.${domain}:443`]);
      await receiver.close();
    });

    test('says of both when the proxy refuses, and not with which password', async () => {
      await cloud.close();
      await proxy.close();
      await start(407);
      const ended = await importImage();
      assert.equal(ended.at('error.code'), 'ImportSourceUnreachable');
      assert.match(ended.text('error.message'), /the proxy 127\.0\.0\.1:\d+ makes no tunnel: it answers 407/);
      await makeWebhook(cloud, 'outside', `https://nowhere.${domain}/hook`);
      await cloud.arm('POST', `${registry}/webhooks/outside/ping`);
      assert.match(
        await reasonOf('outside'),
        /Not delivered: the proxy 127\.0\.0\.1:\d+ makes no tunnel: it answers 407$/,
      );
      assert.equal(JSON.stringify(ended.body).includes('secret'), false);
    });
  },
  { timeoutMs: 30_000 },
);
