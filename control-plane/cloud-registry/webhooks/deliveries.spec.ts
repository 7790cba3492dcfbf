// Webhooks and whom they tell, over real HTTP: what arrives, and what of it is shown.
import { type CloudImages, openImages } from '../../../fixtures/cloud-images.ts';
import { type Answer, type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { create, provision, registries, registry } from '../../../fixtures/provisioned-cloud.ts';
import { type Receiver, startReceiver } from '../../../fixtures/receiver.ts';
import { makeWebhook, shownEvents, told, webhookPath } from '../../../fixtures/webhooks.ts';

describe(
  'the deliveries of webhooks',
  ({ before, after, beforeEach, afterEach, test }) => {
    let cloud: Cloud;
    let images: CloudImages;
    let receiver: Receiver;
    let made = 0;
    let name = '';
    const make = (properties?: object, to = receiver.url): Promise<Answer> =>
      makeWebhook(cloud, name, to, properties);

    before(async () => {
      cloud = await startCloud();
      await provision(cloud);
      images = await openImages(cloud, registry);
    });
    after(() => cloud.close());
    beforeEach(async () => {
      receiver = await startReceiver();
      name = `webhook${made++}`;
    });
    afterEach(async () => {
      await cloud.arm('DELETE', webhookPath(name));
      await receiver.close();
    });

    test('a push and a deletion are told, and a tag that is taken off is not', async () => {
      await make({ customHeaders: { Authorization: 'Bearer s3cret', 'X-Site': 'one' } });
      const digest = await images.push(`${name}:v1`);
      await receiver.got(1);
      await images.remove(name, 'v1');
      await images.remove(name, digest);
      await receiver.got(2);
      const [push, removal] = receiver.received;
      assert.equal(push!.method, 'POST');
      assert.partialDeepStrictEqual(push!.headers, {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'AzureContainerRegistry/1.0',
        authorization: 'Bearer s3cret',
        'x-site': 'one',
      });
      const { id, timestamp, request, ...told } = push!.body;
      assert.match(id, /^[0-9a-f-]{36}$/);
      assert.match(timestamp, /^\d{4}-\d\d-\d\dT/);
      assert.match(String(request?.id), /^[0-9a-f-]{36}$/);
      assert.deepEqual({ ...request, id: '' }, { id: '', host: images.loginServer, method: 'PUT' });
      const size = told.target?.size;
      assert.deepEqual(told, {
        action: 'push',
        target: {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          size,
          digest,
          length: size,
          repository: name,
          tag: 'v1',
        },
      });
      assert.ok(Number(size) > 100);
      assert.equal(removal!.body.action, 'delete');
      assert.deepEqual(removal!.body.target, {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest,
        repository: name,
      });
    });

    test('only what it is about is told', async () => {
      await make({ scope: `${name}/app:v*`, actions: ['push'] });
      const digest = await images.push(`${name}/app:v1`);
      await images.push(`${name}/app:latest`);
      await images.push(`${name}/other:v1`);
      await images.remove(`${name}/app`, digest);
      await images.push(`${name}/app:v2`, 'second');
      await receiver.got(2);
      assert.deepEqual(told(receiver), ['push v1', 'push v2']);
    });

    test('a PATCH changes what is told from then on, and keeps the rest', async () => {
      await make({ customHeaders: { 'X-Key': 'k' }, scope: `${name}:*` });
      const other = await startReceiver();
      const patched = await cloud.arm('PATCH', webhookPath(name), { properties: { serviceUri: other.url } });
      assert.deepEqual(patched.at('properties'), {
        status: 'enabled',
        scope: `${name}:*`,
        actions: ['push', 'delete'],
        provisioningState: 'Succeeded',
      });
      await images.push(`${name}:v1`);
      const [first] = await other.got(1);
      assert.equal(first!.headers['x-key'], 'k');
      assert.deepEqual(receiver.received, []);
      await other.close();
    });

    test('a disabled webhook is told nothing, and nothing of it later', async () => {
      await make({ status: 'disabled' });
      await images.push(`${name}:v1`);
      await cloud.arm('PATCH', webhookPath(name), { properties: { status: 'enabled' } });
      await images.push(`${name}:v2`);
      await receiver.got(1);
      assert.deepEqual(told(receiver), ['push v2']);
    });

    test('a webhook whose content type is that of CloudEvents is sent CloudEvents', async () => {
      await make({ customHeaders: { 'Content-Type': 'application/cloudevents+json; charset=utf-8' } });
      const digest = await images.push(`${name}:v1`);
      const [arrived] = await receiver.got(1);
      assert.equal(arrived!.headers['content-type'], 'application/cloudevents+json; charset=utf-8');
      const id = (await cloud.arm('GET', registry)).text('id');
      assert.partialDeepStrictEqual(arrived!.body, {
        specversion: '1.0',
        type: 'Microsoft.ContainerRegistry.ImagePushed',
        source: id,
        subject: `${name}:v1`,
        datacontenttype: 'application/json',
        data: { id: arrived!.body.id, action: 'push', target: { digest, repository: name, tag: 'v1' } },
      });
    });

    test('a redirect is an answer, and nobody is told elsewhere', async () => {
      await make({ customHeaders: { Authorization: 'Bearer s3cret' } });
      const elsewhere = await startReceiver();
      receiver.answer((response) => {
        response.writeHead(307, { location: elsewhere.url });
        response.end();
      });
      await cloud.arm('POST', `${webhookPath(name)}/ping`);
      await receiver.got(1);
      assert.equal((await shownEvents(cloud, name))[0]!.eventResponseMessage.statusCode, '307');
      assert.deepEqual(elsewhere.received, []);
      await elsewhere.close();
    });

    test('a ping is sent and shown with its answer, and without a secret', async () => {
      const uri = receiver.url.replace('//', '//%24site:pass%40word@');
      await make({ customHeaders: { 'X-Key': 's3cret' } }, `${uri}/docker/hook?code=s3cret`);
      receiver.answer((response) => {
        response.setHeader('x-answer', 'yes');
        response.end('x'.repeat(5000));
      });
      const ping = await cloud.arm('POST', `${webhookPath(name)}/ping`);
      assert.equal(ping.status, 200);
      const [arrived] = await receiver.got(1);
      assert.equal(arrived!.path, '/docker/hook?code=s3cret');
      assert.equal(
        arrived!.headers.authorization,
        `Basic ${Buffer.from('$site:pass@word').toString('base64')}`,
      );
      assert.deepEqual(Object.keys(arrived!.body), ['id', 'timestamp', 'action']);
      const answer = await cloud.arm('POST', `${webhookPath(name)}/listEvents`);
      assert.doesNotMatch(JSON.stringify(answer.body), /s3cret|pass/);
      const [event] = await shownEvents(cloud, name);
      assert.deepEqual(Object.keys(event!), ['eventRequestMessage', 'eventResponseMessage', 'id']);
      assert.deepEqual(event!.eventRequestMessage, {
        content: arrived!.body,
        headers: {
          'X-Key': '******',
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': arrived!.headers['content-length'],
        },
        method: 'POST',
        requestUri: `${receiver.url}/docker/hook?******`,
        version: '1.1',
      });
      assert.equal(event!.id, ping.text('id'));
      const { headers, ...response } = event!.eventResponseMessage;
      assert.deepEqual(response, {
        content: 'x'.repeat(4096),
        reasonPhrase: 'OK',
        statusCode: '200',
        version: '1.1',
      });
      assert.partialDeepStrictEqual(headers, { 'X-Answer': 'yes' });
    });

    test('the newest hundred events are shown, newest first', async () => {
      await make();
      const ids: string[] = [];
      for (let sent = 0; sent < 104; sent++)
        ids.push((await cloud.arm('POST', `${webhookPath(name)}/ping`)).text('id'));
      assert.deepEqual(
        (await shownEvents(cloud, name)).map(({ id }) => id),
        ids.toReversed().slice(0, 100),
      );
    });

    test('secrets are shown where they are asked for, and nowhere else', async () => {
      const answers = [
        await make({ customHeaders: { 'X-Key': 's3cret' } }, `${receiver.url}/s3cret`),
        await cloud.arm('GET', webhookPath(name)),
        await cloud.arm('GET', `${registry}/webhooks`),
        await cloud.arm('PATCH', webhookPath(name), { tags: { a: 'b' } }),
      ];
      assert.doesNotMatch(JSON.stringify(answers), /s3cret/);
      const config = await cloud.arm('POST', `${webhookPath(name)}/getCallbackConfig`);
      assert.deepEqual(config.body, {
        serviceUri: `${receiver.url}/s3cret`,
        customHeaders: { 'X-Key': 's3cret' },
      });
    });

    test('a webhook that is made again knows nothing of the one before', async () => {
      await make();
      receiver.answer((response) => {
        response.statusCode = 503;
        response.end();
      });
      await images.push(`${name}:v1`);
      await receiver.got(1);
      assert.equal((await cloud.arm('DELETE', webhookPath(name))).status, 200);
      assert.equal((await cloud.arm('DELETE', webhookPath(name))).status, 204);
      const before = receiver.received.length;
      await make();
      await images.push(`${name}:v2`, 'second');
      await receiver.got(before + 1);
      assert.equal(told(receiver)[before], 'push v2');
      assert.ok(
        (await shownEvents(cloud, name)).every(
          ({ eventRequestMessage }) => eventRequestMessage.content.target?.tag === 'v2',
        ),
      );
    });

    test('webhooks go with their registry', async () => {
      const other = `${registries}/goingone`;
      await cloud.settle(await cloud.arm('PUT', other, create({ properties: { adminUserEnabled: true } })));
      const properties = { serviceUri: receiver.url, actions: ['push'] };
      const path = `${other}/webhooks/mywebhook`;
      await cloud.arm('PUT', path, { location: 'westeurope', properties });
      await cloud.arm('POST', `${path}/ping`);
      assert.equal((await cloud.arm('DELETE', other)).status, 200);
      await cloud.settle(await cloud.arm('PUT', other, create()));
      assert.equal((await cloud.arm('GET', path)).status, 404);
      await cloud.arm('PUT', path, { location: 'westeurope', properties });
      assert.deepEqual((await cloud.arm('POST', `${path}/listEvents`)).body, { value: [] });
    });
  },
  { timeoutMs: 30_000 },
);
