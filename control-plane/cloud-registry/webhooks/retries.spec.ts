// Webhooks whose receivers fail, hang or are away: what is tried again, and that nobody else waits for it.
import { type CloudImages, openImages } from '../../../fixtures/cloud-images.ts';
import { type Answer, type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { jumpingClock } from '../../../fixtures/jumping-clock.ts';
import { provision, registry } from '../../../fixtures/provisioned-cloud.ts';
import { type Receiver, startReceiver } from '../../../fixtures/receiver.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';
import { makeWebhook, shownEvents, told, webhookPath } from '../../../fixtures/webhooks.ts';

describe(
  'webhooks whose receivers fail',
  ({ before, after, beforeEach, afterEach, test }) => {
    const clock = jumpingClock();
    let cloud: Cloud;
    let images: CloudImages;
    let receiver: Receiver;
    let made = 0;
    let name = '';
    const make = (properties?: object, to = receiver.url): Promise<Answer> =>
      makeWebhook(cloud, name, to, properties);
    /** Puts the clock forward until so many came at all. */
    const gotByJumps = (count: number, jumpMs: number): Promise<unknown> =>
      waitFor(
        `${count} deliveries`,
        () => {
          if (receiver.received.length >= count) return true;
          clock.jump(jumpMs);
          return false;
        },
        { intervalMs: 200 },
      );

    before(async () => {
      cloud = await startCloud({ clock });
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

    test('a receiver that fails is told again, the same event, until it takes it', async () => {
      await make();
      receiver.answer((response) => {
        response.statusCode = receiver.received.length < 3 ? 503 : 202;
        response.end('so it is');
      });
      await images.push(`${name}:v1`);
      await gotByJumps(3, 1000);
      assert.equal(new Set(receiver.received.map(({ body }) => body.id)).size, 1);
      const [event] = await waitFor('the answer', async () => {
        const events = await shownEvents(cloud, name);
        return events[0]?.eventResponseMessage.statusCode === '202' && events;
      });
      assert.equal(event!.eventResponseMessage.content, 'so it is');
      assert.equal(event!.id, receiver.received[0]!.body.id);
    });

    test('a receiver that asks for a pause gets it', async () => {
      await make();
      receiver.answer((response) => {
        response.writeHead(receiver.received.length === 1 ? 429 : 200, { 'retry-after': '60' }).end();
      });
      const begunAt = clock.now().getTime();
      await images.push(`${name}:v1`);
      await gotByJumps(2, 5000);
      assert.ok(clock.now().getTime() - begunAt >= 60_000);
    });

    test('a receiver that asks for a pause by the date gets it', async () => {
      await make();
      const begunAt = clock.now().getTime();
      receiver.answer((response) => {
        const date = new Date(begunAt + 60_000).toUTCString();
        response.writeHead(receiver.received.length === 1 ? 503 : 200, { 'retry-after': date }).end();
      });
      await images.push(`${name}:v1`);
      await gotByJumps(2, 5000);
      assert.ok(clock.now().getTime() - begunAt >= 55_000, 'a date has no milliseconds');
    });

    test('a clock that is set back by a year keeps nothing waiting for a year', async () => {
      await make();
      receiver.answer((response) => {
        response.statusCode = receiver.received.length === 1 ? 503 : 200;
        response.end();
      });
      await images.push(`${name}:v1`);
      await waitFor('the first attempt to end', async () => (await shownEvents(cloud, name)).length === 1);
      const shown = clock.now();
      clock.set(new Date(shown.getTime() - 365 * 24 * 3_600_000));
      try {
        clock.jump(1000);
        await receiver.got(2);
      } finally {
        clock.set(shown);
      }
    });

    test('what waits is told in the format that its webhook asks for at that moment', async () => {
      const formats = ['application/json', 'application/cloudevents+json', 'text/plain'];
      await make({ customHeaders: { 'Content-Type': formats[0] } });
      receiver.answer((response) => {
        response.statusCode = receiver.received.length < formats.length ? 503 : 200;
        response.end();
      });
      await images.push(`${name}:v1`);
      for (const [sent, format] of formats.entries()) {
        const properties = { customHeaders: { 'Content-Type': format } };
        await cloud.arm('PATCH', webhookPath(name), { properties });
        await gotByJumps(sent + 1, 5000);
      }
      const [first, second, third] = receiver.received;
      assert.deepEqual(
        receiver.received.map(({ headers }) => headers['content-type']),
        formats,
      );
      assert.partialDeepStrictEqual(second!.body, {
        specversion: '1.0',
        id: first!.body.id,
        type: 'Microsoft.ContainerRegistry.ImagePushed',
        subject: `${name}:v1`,
        data: first!.body,
      });
      assert.deepEqual(third!.body, first!.body);
      const [shown] = await shownEvents(cloud, name);
      assert.deepEqual(shown!.eventRequestMessage.content, third!.body);
    });

    test('a receiver that refuses is not asked again', async () => {
      await make();
      receiver.answer((response) => {
        response.statusCode = receiver.received.length < 3 ? 400 : 200;
        response.end();
      });
      await images.push(`${name}:v1`);
      await images.push(`${name}:v2`, 'second');
      await waitFor('both answers', async () => (await shownEvents(cloud, name)).length === 2);
      clock.jump(60_000);
      await images.push(`${name}:v3`, 'third');
      await receiver.got(3);
      assert.deepEqual(told(receiver).toSorted(), ['push v1', 'push v2', 'push v3']);
      assert.equal((await shownEvents(cloud, name)).at(-1)!.eventResponseMessage.statusCode, '400');
    });

    test('a receiver is given up after six attempts, and told of what comes next', async () => {
      await make();
      receiver.answer((response) => response.destroy());
      await images.push(`${name}:v1`);
      for (const [tries, waitMs] of [1000, 5000, 30_000, 120_000, 600_000].entries())
        await gotByJumps(tries + 2, waitMs);
      const given = await waitFor('the end', async () => {
        const [event] = await shownEvents(cloud, name);
        return event?.eventResponseMessage;
      });
      assert.deepEqual(given, {
        headers: {},
        reasonPhrase: 'Not delivered: the receiver cut the connection (ECONNRESET)',
        version: '1.1',
      });
      receiver.answer((response) => response.end());
      clock.jump(700_000);
      await images.push(`${name}:v2`, 'second');
      await receiver.got(7);
      assert.deepEqual(told(receiver).slice(5), ['push v1', 'push v2']);
    });

    test('a dead, a hanging and a slow receiver delay nobody else', async () => {
      await make();
      const hanging = await startReceiver();
      hanging.answer(() => undefined);
      const slow = await startReceiver();
      slow.answer((response) => {
        response.write('a');
      });
      const others: Record<string, string> = {
        deadone: 'http://127.0.0.1:9',
        hangingone: hanging.url,
        slowone: slow.url,
      };
      for (const [other, serviceUri] of Object.entries(others))
        await cloud.arm('PUT', webhookPath(other), {
          location: 'westeurope',
          properties: { serviceUri, actions: ['push'] },
        });
      for (let index = 0; index < 12; index++) await images.push(`${name}:v${index}`, `${index}`);
      await receiver.got(12);
      assert.equal(new Set(told(receiver)).size, 12);
      // What hangs is given up by the clock.
      clock.jump(10_000);
      const reason = async (of: string, expected: RegExp): Promise<void> => {
        const events = await waitFor(`an event of ${of}`, async () => {
          const all = await shownEvents(cloud, of);
          return all.length > 0 && all;
        });
        const { reasonPhrase, statusCode, content } = events[0]!.eventResponseMessage;
        assert.match([statusCode, reasonPhrase, content].filter(Boolean).join(' '), expected);
      };
      await reason('deadone', /^Not delivered: nobody listens there \(ECONNREFUSED\)$/);
      await reason('hangingone', /^Not delivered: no answer within 10 seconds$/);
      await reason('slowone', /^200 OK a$/);
      for (const other of Object.keys(others)) await cloud.arm('DELETE', webhookPath(other));
      await hanging.close();
      await slow.close();
    });

    test('pings that wait are few', async () => {
      await make();
      receiver.answer(() => undefined);
      const send = (): Promise<Answer> => cloud.arm('POST', `${webhookPath(name)}/ping`);
      const pings = await Promise.all(Array.from({ length: 9 }, send));
      const refused = pings.find(({ status }) => status === 429);
      assert.equal(refused?.at('error.code'), 'TooManyRequests');
      assert.equal(pings.filter(({ status }) => status === 200).length, 8);
      clock.jump(10_000);
      await waitFor('their ends', async () => (await shownEvents(cloud, name)).length === 8);
      assert.equal((await send()).status, 200);
      clock.jump(10_000);
    });

    test('what happened while nobody listened is told after a restart', async () => {
      await make();
      const { port } = receiver;
      await receiver.close();
      await images.push(`${name}:v1`);
      await images.push(`${name}:v2`, 'second');
      await cloud.restart();
      images = await openImages(cloud, registry);
      await images.push(`${name}:v3`, 'third');
      receiver = await startReceiver(port);
      await gotByJumps(3, 1000);
      assert.deepEqual(told(receiver).toSorted(), ['push v1', 'push v2', 'push v3']);
    });

    test('a restart while a receiver keeps the connection sends the same event again', async () => {
      await make();
      receiver.answer(() => undefined);
      await images.push(`${name}:v1`);
      await receiver.got(1);
      // The first one it never answers.
      receiver.answer((response) => response.end());
      await cloud.restart();
      images = await openImages(cloud, registry);
      await waitFor(
        'it to be taken',
        async () => (await shownEvents(cloud, name))[0]?.eventResponseMessage.statusCode === '200',
      );
      assert.equal(new Set(receiver.received.map(({ body }) => body).map(({ id }) => id)).size, 1);
      assert.ok(receiver.received.length >= 2);
    });
  },
  { timeoutMs: 30_000 },
);
