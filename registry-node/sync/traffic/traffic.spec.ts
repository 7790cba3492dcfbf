// A node's whole link to its parent: what passes it, how fast, how much of it, and what is counted.
import { assert, describe } from '../../../fixtures/describe.ts';
import {
  buildImage,
  type StoredImage,
  storeImage,
  uploadImage,
  withMembers,
} from '../../../fixtures/images/stored.ts';
import { jumpingClock } from '../../../fixtures/jumping-clock.ts';
import { type Link, startLink } from '../../../fixtures/link.ts';
import { arrives, arrivesAbove, chunkBytes, has, SyncStage } from '../../../fixtures/sync-stage.ts';
import type { Parent } from '../../../fixtures/parent.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';
import { digestOf } from '../../oci/digest.ts';
import { parseRepositoryName } from '../../oci/name.ts';
import type { RemoteRegistry } from '../../remote/open.ts';

const layerBytes = 400_000;
/** What control rounds and the frames of HTTP may add. */
const overheadBytes = 60_000;
const dayMs = 24 * 3_600_000;
const mb = 1_000_000;

const bytesOf = ({ manifest, blobs }: StoredImage): number =>
  blobs.reduce((sum, { bytes }) => sum + bytes.length, manifest.length);

function told({ status }: Parent, code: string): boolean {
  return status?.statusDetails.some((detail) => detail.code === code) === true;
}

describe(
  'a link that is paid for',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    let parent: Parent;
    let link: Link;
    beforeEach(async () => {
      stage = await SyncStage.set();
      parent = await stage.parent();
      link = await startLink({ targetPort: parent.port });
    });
    afterEach(async () => {
      await stage.strike();
      await link.close();
    });

    test('carries no blob twice: not for another tag, not for another repository, and not up again', async () => {
      const shared = buildImage('shared', [layerBytes]);
      const digest = await storeImage(parent.content, 'app', shared, ['v1']);
      const registry = stage.client(await stage.node(link.port));
      await arrives(registry, 'v1', digest);
      const { downBytes, upBytes } = link.passed;
      await storeImage(parent.content, 'app', shared, ['v2']);
      await storeImage(parent.content, 'tools/copy', shared, ['v1']);
      await arrives(registry, 'v2', digest);
      await arrives(registry, 'v1', digest, 'tools/copy');
      assert.ok(link.passed.downBytes - downBytes < overheadBytes);
      // Another image of the same layers, pushed on site: the parent mounts what it has.
      const onSite = withMembers(shared, { annotations: { built: 'on site' } });
      await uploadImage(registry, 'tools/third', onSite, 'v1');
      const third = parseRepositoryName('tools/third');
      await waitFor('the push to arrive above', () => parent.content.manifest(third, onSite));
      assert.ok(link.passed.upBytes - upBytes < overheadBytes);
      assert.ok(link.passed.downBytes - downBytes < overheadBytes);
    });

    test('counts what came, what went, and what did not have to, also over a restart', async () => {
      const [first, second] = [buildImage('first', [layerBytes]), buildImage('second', [layerBytes])];
      await storeImage(parent.content, 'app', first, ['v1']);
      const node = await stage.node(link.port);
      const registry = stage.client(node);
      await arrives(registry, 'v1', first.digest);
      await storeImage(parent.content, 'tools/copy', first, ['v1']);
      await arrives(registry, 'v1', first.digest, 'tools/copy');
      await uploadImage(registry, 'app', second, 'v2');
      const expected = {
        receivedBytes: bytesOf(first),
        sentBytes: bytesOf(second),
        // All of it, for the second repository.
        savedBytes: bytesOf(first),
      };
      const look = () => parent.status?.traffic?.total.sentBytes === expected.sentBytes;
      await waitFor('the counts to be reported', async () => {
        // A report follows what is news; the counts alone are none.
        await storeImage(parent.content, 'app', first, [`tag${String(performance.now()).replace('.', '-')}`]);
        return look();
      });
      assert.deepEqual(parent.status?.traffic?.total, expected);
      await stage.close(node);
      await stage.node(link.port);
      await waitFor('the node to be back', () => parent.status?.traffic?.run.receivedBytes === 0);
      assert.deepEqual(parent.status?.traffic?.total, expected);
    });

    test('is left by a blob that a client pushes while it comes', async () => {
      const image = buildImage('from both sides', [8 * mb]);
      await storeImage(parent.content, 'app', image, ['v1']);
      const clock = jumpingClock();
      const registry = stage.client(
        await stage.node(link.port, { bytesPerSecond: 0.2 * mb }, 'site1', clock),
      );
      await waitFor('the copy to begin', () => link.passed.downBytes > 0.1 * mb);
      await uploadImage(registry, 'tools/pushed', image, 'v1');
      await waitFor('the image', async () => {
        clock.jump(1000);
        return has(registry, 'v1', image.digest);
      });
      assert.ok(link.passed.downBytes < 4 * mb, `${link.passed.downBytes} bytes came`);
    });

    test('keeps its rate, while clients pull and control rounds pass as ever', async () => {
      const [small, large] = [buildImage('small'), buildImage('large', [3 * mb, 3 * mb])];
      await storeImage(parent.content, 'app', small, ['small']);
      const bytesPerSecond = 0.5 * mb;
      const clock = jumpingClock();
      const registry = stage.client(await stage.node(link.port, { bytesPerSecond }, 'site1', clock));
      await arrives(registry, 'small', small.digest);
      const begunMs = performance.now();
      const { downBytes } = link.passed;
      await storeImage(parent.content, 'app', large, ['large']);
      await waitFor('the copy to be under way', () => link.passed.downBytes - downBytes > 0.3 * mb);
      parent.configure({ clientTokens: [] });
      await waitFor('the client to be refused', () => isRefused(registry));
      const came = link.passed.downBytes - downBytes;
      // As much may lie between the two ends, read by neither.
      const onTheWay = 4 * 256 * 1024;
      const allowed = ((performance.now() - begunMs) / 1000) * bytesPerSecond + onTheWay + overheadBytes;
      assert.ok(came < allowed, `${came} bytes came, and ${allowed} were allowed`);
    });

    test('carries no more in a day than its budget, tells so, and goes on the next day at the same byte', async () => {
      const clock = jumpingClock();
      const image = buildImage('too large for today', [mb, mb, mb]);
      await storeImage(parent.content, 'app', image, ['v1']);
      const bounded = { budget: { dayBytes: 1.5 * mb } };
      const node = await stage.node(link.port, bounded, 'site1', clock);
      await waitFor('the parent to hear of it', () => told(parent, 'SyncBudgetSpent'));
      const onTheWay = 4 * 256 * 1024;
      assert.ok(link.passed.downBytes < 1.5 * mb + onTheWay, `${link.passed.downBytes} bytes came`);
      // The budget outlives the process, and control rounds go on.
      await stage.close(node);
      const { downBytes } = link.passed;
      const registry = stage.client(await stage.node(link.port, bounded, 'site1', clock));
      await waitFor('the parent to hear of it again', () => told(parent, 'SyncBudgetSpent'));
      parent.configure({ clientTokens: [] });
      await waitFor('the client to be refused', () => isRefused(registry));
      assert.ok(link.passed.downBytes - downBytes < overheadBytes);
      const codes = parent.status!.statusDetails.map(({ code }) => code);
      assert.deepEqual(codes, ['SyncBudgetSpent'], 'it is told once');
      for (const _ of [1, 2]) clock.jump(dayMs);
      await waitFor('the rest', () => parent.status?.lastSyncTime && !told(parent, 'SyncBudgetSpent'));
      // Each attempt asks for the manifest again, and for no byte of a blob.
      const again = parent.status!.traffic!.total.receivedBytes - bytesOf(image);
      assert.ok(again >= 0 && again < 20 * image.manifest.length, `${again} bytes came again`);
    });

    test('carries no more up in a window than its budget, and goes on with a larger one at the same byte', async () => {
      // One window follows the other.
      parent.configure({ schedule: '0 0 * * *', syncWindow: 'P1D' });
      const node = await stage.node(link.port, { budget: { windowBytes: mb } });
      const image = buildImage('made on site', [3 * mb]);
      const registry = stage.client(node);
      await arrives(registry, 'v1', undefined);
      await uploadImage(registry, 'app', image, 'v1');
      await waitFor('the parent to hear of it', () => told(parent, 'SyncBudgetSpent'));
      const onTheWay = 4 * 256 * 1024;
      assert.ok(link.passed.upBytes < mb + onTheWay, `${link.passed.upBytes} bytes went up`);
      await stage.close(node);
      await stage.node(link.port, { budget: { windowBytes: 10 * mb } });
      await arrivesAbove(parent, 'v1', image.digest);
      const again = link.passed.upBytes - bytesOf(image);
      assert.ok(again < chunkBytes + onTheWay + overheadBytes, `${again} bytes went up twice`);
    });
  },
  { timeoutMs: 60_000 },
);

function isRefused(registry: RemoteRegistry): Promise<boolean> {
  return registry.manifest('app', { digest: digestOf(Buffer.of()) }).then(
    () => false,
    () => true,
  );
}
