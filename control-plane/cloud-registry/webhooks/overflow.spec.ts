// More than may wait for a webhook whose receiver hangs: the feed waits for room and loses nothing, what sites tell of is dropped
// for this webhook, and others are told all the same.
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type CloudImages, openImages } from '../../../fixtures/cloud-images.ts';
import { type Answer, type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { gatewayRules } from '../../../fixtures/configuration.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { buildImage } from '../../../fixtures/images/stored.ts';
import { nodeStatusOf } from '../../../fixtures/node-status.ts';
import { idOf, provision, registry } from '../../../fixtures/provisioned-cloud.ts';
import { type Receiver, startReceiver } from '../../../fixtures/receiver.ts';
import { basic } from '../../../fixtures/registry.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';
import { makeWebhook, told, webhookPath } from '../../../fixtures/webhooks.ts';
import { type Notification, notificationsMax } from '../../../registry-node/gateway/protocol.ts';

const app = 'app';
const first = `${app}:first`;
/** Of the feed, beside a page of it that goes beyond; of notifications. */
const waitingMax = 1000;
const pageRows = 500;
const notificationsWaitingMax = 10_000;
const tags = Array.from({ length: 1600 }, (_, index) => `v${index}`);
const tagsPerRequest = 100;

describe('a webhook for which more waits than may', ({ before, after, beforeEach, afterEach, test }) => {
  let cloud: Cloud;
  let images: CloudImages;
  let hanging: Receiver;
  /** Told of one tag only. */
  let awake: Receiver;
  let release: () => void;
  const waiting = (name: string): number => {
    const database = new DatabaseSync(`${cloud.folder}/data/database.sqlite`, { readOnly: true });
    const sql = 'SELECT count(*) AS count FROM webhook_events WHERE due_at IS NOT NULL AND webhook LIKE ?';
    const row = database.prepare(sql).get(`%/webhooks/${name}`);
    database.close();
    return Number(row?.count);
  };

  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
    images = await openImages(cloud, registry);
  });
  after(() => cloud.close());
  beforeEach(async () => {
    hanging = await startReceiver();
    const held = new Set<() => void>();
    hanging.answer((response) => held.add(() => response.end()));
    release = () => {
      hanging.answer((response) => response.end());
      for (const end of held) end();
    };
    awake = await startReceiver();
    await makeWebhook(cloud, 'hanging', hanging.url);
    await makeWebhook(cloud, 'awake', awake.url, { scope: `${app}:last` });
  });
  afterEach(async () => {
    for (const name of ['hanging', 'awake']) await cloud.arm('DELETE', webhookPath(name));
    await hanging.close();
    await awake.close();
  });

  test('is told of all that the feed has, as there is room', async () => {
    const digest = await images.push(first);
    const { manifest } = buildImage(first);
    const admin = await cloud.arm('POST', `${registry}/listCredentials`);
    const headers = {
      authorization: basic(admin.text('username'), admin.text('passwords.0.value')),
      'content-type': 'application/vnd.oci.image.manifest.v1+json',
    };
    for (let from = 0; from < tags.length; from += tagsPerRequest) {
      const query = tags.slice(from, from + tagsPerRequest).map((tag) => `tag=${tag}`);
      const url = `https://${images.loginServer}/v2/${app}/manifests/${digest}?${query.join('&')}`;
      assert.equal((await cloud.call(url, { method: 'PUT', headers, body: manifest })).status, 201);
    }
    await waitFor('the queue to be full', () => waiting('hanging') >= waitingMax);
    await images.push(`${app}:last`, 'last');
    // The feed was read to its end, and not for who has no room.
    await awake.got(1);
    assert.ok(waiting('hanging') < waitingMax + pageRows, `${waiting('hanging')} wait`);
    release();
    await hanging.got(tags.length + 2);
    const pushed = new Set(told(hanging).map((line) => line.replace('push ', '')));
    assert.deepEqual(pushed, new Set([...tags, 'first', 'last']));
    await waitFor('the queue to be empty', () => waiting('hanging') === 0);
  });

  test('is not told what sites tell of beyond that, and others are', async () => {
    const notify = await activate(cloud, images.loginServer);
    for (let sent = 0; sent < notificationsWaitingMax; sent += notificationsMax)
      await notify(Array.from({ length: notificationsMax }, () => 'many'));
    await notify(['many', 'last']);
    assert.equal(waiting('hanging'), notificationsWaitingMax);
    await awake.got(1);
    assert.deepEqual(told(awake), ['push last']);
  });
});

/** As the node of factory1. @returns tells of a push at it for each of the tags */
async function activate(
  cloud: Cloud,
  loginServer: string,
): Promise<(pushed: readonly string[]) => Promise<void>> {
  await cloud.arm('PUT', `${registry}/scopeMaps/sync-map`, {
    properties: { actions: gatewayRules('factory1') },
  });
  const tokenId = idOf(cloud, `${registry}/tokens/sync1`);
  const made = await cloud.arm('POST', `${registry}/generateCredentials`, { tokenId, name: 'password1' });
  const headers = { authorization: basic('sync1', made.text('passwords.0.value')) };
  const call = async (verb: string, body: object): Promise<Answer> => {
    const url = `https://${loginServer}/acr/connected-registries/factory1/${verb}`;
    const answer = await cloud.call(url, { method: 'POST', headers, body });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
    return answer;
  };
  const instanceId = randomUUID();
  await call('activate', { instanceId, status: nodeStatusOf(new Date()) });
  const { digest } = buildImage(first);
  const toNotification = (tag: string): Notification => ({
    id: randomUUID(),
    connectedRegistry: 'factory1',
    loginServer: 'factory.local',
    action: 'push',
    at: new Date().toISOString(),
    repository: app,
    digest,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 1,
    tag,
  });
  return async (pushed) =>
    void (await call('notify', { instanceId, notifications: pushed.map(toNotification) }));
}
