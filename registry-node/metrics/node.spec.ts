// The metrics of a node that runs: what they say while it is in touch with its parent, and when the parent is gone.
import { connect } from 'node:net';
import { assert, describe } from '../../fixtures/describe.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { buildImage, storeImage, uploadImage } from '../../fixtures/images/stored.ts';
import { scrape } from '../../fixtures/scrape.ts';
import { arrives, arrivesAbove, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

describe(
  'the metrics of a node',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    beforeEach(async () => {
      stage = await SyncStage.set();
    });
    afterEach(() => stage.strike());

    test('say what it holds, what it did and where it stands', async () => {
      const parent = await stage.parent();
      const metrics = { host: '127.0.0.1', port: await freePort() };
      const registry = stage.client(await stage.node(parent.port, { metrics }));
      const down = await storeImage(parent.content, 'app', buildImage('down'), ['v1']);
      await arrives(registry, 'v1', down);
      await arrivesAbove(parent, 'v2', await uploadImage(registry, 'app', buildImage('up'), 'v2'));
      const values = await waitFor('the node to be done', async () => {
        const { values: now } = await scrape(metrics.port);
        return now.has('acrc_sync_last_success_timestamp_seconds') && now;
      });
      const at = (name: string): number => values.get(name) ?? Number.NaN;
      assert.equal(at('acrc_sync_parent_up'), 1);
      assert.ok(at('acrc_sync_attempts_total{work="pull",result="succeeded"}') >= 1);
      assert.ok(at('acrc_sync_bytes_total{direction="received"}') > 0);
      assert.ok(at('acrc_sync_bytes_total{direction="sent"}') > 0);
      assert.equal(at('acrc_sync_push_lag'), 0, 'what came from the parent does not wait for the way up');
      assert.equal(at('acrc_stored_repositories'), 1);
      assert.ok(at('acrc_stored_blobs') >= 4);
      assert.ok(at('acrc_stored_bytes') > 0);
      assert.equal(at('acrc_open_uploads'), 0);
      assert.ok(at('acrc_feed_head') >= 4);
      assert.ok(at('acrc_disk_free_bytes') > 0 && at('acrc_disk_free_bytes') <= at('acrc_disk_bytes'));
      const put = 'method="PUT",route="/v2/<name>/manifests/<reference>",code="201"';
      assert.ok(at(`acrc_http_requests_total{${put}}`) >= 1);
      assert.ok(at('process_resident_memory_bytes') > 0);
    });

    test('say that the parent is gone, and the trouble that this is, and when it is over', async () => {
      const parent = await stage.parent();
      const metrics = { host: '127.0.0.1', port: await freePort() };
      await stage.node(parent.port, { metrics });
      await waitFor('the first round', () => parent.status?.lastSyncTime);
      await stage.close(parent);
      const values = await waitFor('it to be noticed', async () => {
        const { values: now } = await scrape(metrics.port);
        return now.get('acrc_sync_parent_up') === 0 && now;
      });
      assert.ok([...values.keys()].some((name) => name.startsWith('acrc_troubles{type="Sync"')));
      await stage.parent({}, parent.port);
      await waitFor('the end of it', async () => {
        const { values: now } = await scrape(metrics.port);
        const troubles = [...now.keys()].filter((name) => name.startsWith('acrc_troubles'));
        return now.get('acrc_sync_parent_up') === 1 && troubles.length === 0;
      });
    });

    test('are at their own address, and nothing else is', async () => {
      const parent = await stage.parent();
      const metrics = { host: '127.0.0.1', port: await freePort() };
      const node = await stage.node(parent.port, { metrics });
      const status = async (port: number, path: string): Promise<number> =>
        (await fetch(`http://127.0.0.1:${port}${path}`)).status;
      assert.equal(await status(metrics.port, '/v2/'), 404);
      assert.equal(await status(node.port, '/metrics'), 404);
      const posted = await fetch(`http://127.0.0.1:${metrics.port}/metrics`, { method: 'POST' });
      assert.equal(posted.status, 404);
      await stage.close(node);
      const refused = await new Promise<string>((resolve) => {
        const socket = connect(metrics.port, '127.0.0.1', () => resolve('connected'));
        socket.on('error', () => resolve('refused')).on('connect', () => socket.destroy());
      });
      assert.equal(refused, 'refused');
    });
  },
  { timeoutMs: 30_000 },
);
