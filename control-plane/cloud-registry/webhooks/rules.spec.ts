// Webhooks that are changed while what happened before waits to be read for them: the intake stands still meanwhile.
import { type CloudImages, openImages } from '../../../fixtures/cloud-images.ts';
import { type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { provision, registry } from '../../../fixtures/provisioned-cloud.ts';
import { type Receiver, startReceiver } from '../../../fixtures/receiver.ts';
import { makeWebhook, told, webhookPath } from '../../../fixtures/webhooks.ts';
import { type Clock, systemClock } from '../../../registry-node/clock.ts';

/** A clock whose sleepers all sleep on from `hold` until `release`. */
function holdingClock(): Clock & { hold(): void; release(): void } {
  let held: PromiseWithResolvers<void> | undefined;
  return {
    now: () => systemClock.now(),
    sleep: async (ms, signal) => {
      const current = held;
      if (!current) return systemClock.sleep(ms, signal);
      signal?.throwIfAborted();
      const aborted = new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
      await Promise.race([current.promise, aborted]);
    },
    hold: () => {
      held = Promise.withResolvers();
    },
    release: () => {
      held?.resolve();
      held = undefined;
    },
  };
}

describe('webhooks that are changed before the intake has read', ({
  before,
  after,
  beforeEach,
  afterEach,
  test,
}) => {
  const clock = holdingClock();
  let made = 0;
  let name = '';
  let cloud: Cloud;
  let images: CloudImages;
  let receiver: Receiver;
  const patch = (properties: object) => cloud.arm('PATCH', webhookPath(name), { properties });
  const push = (tag: string) => images.push(`${name}:${tag}`);

  before(async () => {
    cloud = await startCloud({ clock });
    await provision(cloud);
    images = await openImages(cloud, registry);
  });
  after(() => {
    clock.release();
    return cloud.close();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    name = `changed${made++}`;
    await makeWebhook(cloud, name, receiver.url);
    clock.hold();
    // Having told this, the intake sleeps: whatever follows is read after the release.
    await push('first');
    await receiver.got(1);
  });
  afterEach(async () => {
    clock.release();
    await cloud.arm('DELETE', webhookPath(name));
    await receiver.close();
  });

  test('what happened while it was disabled is not told when it is enabled', async () => {
    await patch({ status: 'disabled' });
    await push('v1');
    await patch({ status: 'enabled' });
    await push('v2');
    clock.release();
    await receiver.got(2);
    assert.deepEqual(told(receiver), ['push first', 'push v2']);
  });

  test('what happened before it was disabled is told', async () => {
    await push('v1');
    await patch({ status: 'disabled' });
    await push('v2');
    await patch({ status: 'enabled' });
    await push('v3');
    clock.release();
    await receiver.got(3);
    assert.deepEqual(told(receiver).toSorted(), ['push first', 'push v1', 'push v3']);
  });

  test('each event is judged by the scope and the actions of its time', async () => {
    await push('a1');
    await patch({ scope: `${name}:b*` });
    await push('a2');
    await push('b2');
    await patch({ scope: `${name}:*`, actions: ['delete'] });
    await push('b3');
    await makeWebhook(cloud, name, receiver.url, { scope: `${name}:a*` });
    await push('a4');
    clock.release();
    await receiver.got(4);
    assert.deepEqual(told(receiver).toSorted(), ['push a1', 'push a4', 'push b2', 'push first']);
  });
});
