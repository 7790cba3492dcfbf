// The metrics of a control plane: its registries, its webhooks and its fleet.
import { openImages } from '../fixtures/cloud-images.ts';
import { type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { freePort } from '../fixtures/free-port.ts';
import { provision, registry } from '../fixtures/provisioned-cloud.ts';
import { scrape } from '../fixtures/scrape.ts';
import { makeWebhook } from '../fixtures/webhooks.ts';

describe('the metrics of a control plane', ({ before, after, test }) => {
  let cloud: Cloud;
  let port: number;
  before(async () => {
    port = await freePort();
    cloud = await startCloud({ metrics: { host: '127.0.0.1', port } });
    await provision(cloud);
  });
  after(() => cloud.close());

  test('say what each registry holds, and what waits for its webhooks', async () => {
    const images = await openImages(cloud, registry);
    await makeWebhook(cloud, 'waiting', 'http://127.0.0.1:9/', { status: 'disabled' });
    await images.push('app:v1');
    const { values } = await scrape(port);
    const name = registry.split('/').at(-1)!;
    const at = (metric: string): number => values.get(metric) ?? Number.NaN;
    assert.equal(at(`acrc_stored_repositories{registry="${name}"}`), 1);
    assert.ok(at(`acrc_stored_blobs{registry="${name}"}`) >= 2);
    assert.ok(at(`acrc_feed_head{registry="${name}"}`) >= 2);
    assert.equal(at(`acrc_webhook_waiting_events{registry="${name}",webhook="waiting"}`), 0);
    assert.ok([...values.keys()].some((key) => key.includes('route="management"')));
    assert.ok(
      at('acrc_http_requests_total{method="PUT",route="/v2/<name>/manifests/<reference>",code="201"}') >= 1,
    );
  });

  test('say the state of each connected registry', async () => {
    const { values } = await scrape(port);
    const states = [...values.keys()].filter((key) => key.startsWith('acrc_connected_registry_state{'));
    const { body } = await cloud.arm('GET', `${registry}/connectedRegistries`);
    const all = (body as { value: { name: string }[] }).value;
    assert.equal(states.length, all.length);
    assert.ok(states.every((key) => key.includes('state="Offline"')));
  });
});
