// What is answered from memory, and above all what is not.
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import Fastify from 'fastify';
import { assert, describe } from '../../fixtures/describe.ts';
import { type Listener, listen } from './listener.ts';
import { keepStream, recallAnswers } from './recall.ts';
import { answerWithStream } from './stream.ts';

const bearer = { authorization: 'Bearer one' };

describe('recallAnswers', ({ test, beforeEach, afterEach }) => {
  let listener: Listener;
  let handled: number;
  let changes: number;
  let nowMs: number;
  let lost: boolean;
  let slow: boolean;
  const ask = (path: string, headers: Record<string, string> = bearer, method = 'GET'): Promise<Response> =>
    fetch(`http://127.0.0.1:${listener.port}${path}`, { method, headers });

  beforeEach(async () => {
    [handled, changes, nowMs, lost, slow] = [0, 0, 1_000_000, false, false];
    const app = Fastify({ exposeHeadRoutes: false });
    app.get('/v2/bytes', async (_request, reply) => {
      handled += 1;
      return reply.header('docker-content-digest', 'sha256:1').send(Buffer.from(`answer ${handled}`));
    });
    app.head('/v2/bytes', async (_request, reply) => reply.header('content-length', 7 + handled++).send());
    app.get('/v2/fails', async (_request, reply) => reply.code(404).send(`${handled++}`));
    app.get('/v2/changes', async (_request, reply) => {
      changes += 1;
      return reply.send(`${handled++}`);
    });
    app.get('/v2/stream', async (request, reply) => {
      if (lost) return reply.code(404).send();
      const body = {
        name: `stream ${(handled += 1)}`,
        send: async (target: Writable) => {
          if (lost) throw new Error('lost');
          if (slow) await once(target, 'close').then(() => assert.fail('the reader went away'));
          target.write(body.name);
        },
      };
      const headers = { 'content-length': body.name.length };
      keepStream(request.raw, headers, body);
      await answerWithStream(reply.raw, { headers, body, log: app.log });
      return reply.hijack();
    });
    app.get('/elsewhere', async () => `${handled++}`);
    const clock = { now: () => new Date(nowMs), sleep: async () => undefined };
    const handler = recallAnswers(app, { clock, changes: () => changes });
    await app.ready();
    listener = await listen({ host: '127.0.0.1', port: 0, handler });
  });
  afterEach(() => listener.close());

  test('gives the same answer again, under an id of its own', async () => {
    const [first, second] = [await ask('/v2/bytes'), await ask('/v2/bytes')];
    assert.deepEqual([await first.text(), await second.text(), handled], ['answer 1', 'answer 1', 1]);
    assert.equal(second.headers.get('docker-content-digest'), 'sha256:1');
    assert.equal(second.headers.get('content-length'), '8');
    assert.match(second.headers.get('x-ms-correlation-request-id') ?? '', /^[0-9a-f-]{36}$/);
  });
  test('tells each request its own name', async () => {
    const nameOf = async (name: string): Promise<string | null> =>
      (await ask('/v2/bytes', { ...bearer, 'x-ms-client-request-id': name })).headers.get(
        'x-ms-client-request-id',
      );
    await ask('/v2/bytes');
    assert.deepEqual([await nameOf('first'), await nameOf('second'), handled], ['first', 'second', 1]);
    assert.equal((await ask('/v2/bytes')).headers.get('x-ms-client-request-id'), null);
  });
  test('gives the length that a HEAD promised, and no body', async () => {
    const answers = [await ask('/v2/bytes', bearer, 'HEAD'), await ask('/v2/bytes', bearer, 'HEAD')];
    assert.deepEqual(
      [handled, ...answers.map((answer) => answer.headers.get('content-length'))],
      [1, '7', '7'],
    );
  });
  test('sends again what passes Fastify by', async () => {
    const answers = [await ask('/v2/stream'), await ask('/v2/stream')];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    assert.deepEqual([...texts, handled], ['stream 1', 'stream 1', 1]);
    assert.equal(answers[1]?.headers.get('content-length'), '8');
  });
  test('has it worked out anew when not a byte of it can be sent', async () => {
    await ask('/v2/stream');
    lost = true;
    const answer = await ask('/v2/stream');
    assert.deepEqual([answer.status, answer.headers.get('content-length')], [404, '0']);
    lost = false;
    assert.equal(await (await ask('/v2/stream')).text(), 'stream 2');
  });
  test('works nothing out for a client that has gone', async () => {
    await ask('/v2/stream');
    slow = true;
    const going = AbortSignal.timeout(50);
    await assert.rejects(
      fetch(`http://127.0.0.1:${listener.port}/v2/stream`, { headers: bearer, signal: going }),
    );
    assert.equal(await (await ask('/v2/bytes')).text(), 'answer 2');
  });
  test('forgets everything when something changed', async () => {
    await ask('/v2/bytes');
    changes += 1;
    assert.equal(await (await ask('/v2/bytes')).text(), 'answer 2');
  });
  test('keeps nothing that was worked out while something changed', async () => {
    await ask('/v2/changes');
    await ask('/v2/changes');
    assert.equal(handled, 2);
  });
  test('forgets when the clock is set back', async () => {
    await ask('/v2/bytes');
    nowMs -= 60_000;
    assert.equal(await (await ask('/v2/bytes')).text(), 'answer 2');
  });
  test('forgets after a second', async () => {
    await ask('/v2/bytes');
    nowMs += 1000;
    assert.equal(await (await ask('/v2/bytes')).text(), 'answer 2');
  });

  const never: [what: string, path: string, headers: Record<string, string>][] = [
    ['for a password', '/v2/bytes', { authorization: 'Basic b25l' }],
    ['for nobody', '/v2/bytes', {}],
    ['when a range is asked for', '/v2/bytes', { ...bearer, range: 'bytes=0-1' }],
    ['when the client has it already', '/v2/bytes', { ...bearer, 'if-none-match': '"sha256:1"' }],
    ['of a failure', '/v2/fails', bearer],
    ['outside the registry API', '/elsewhere', bearer],
  ];
  for (const [what, path, headers] of never) {
    test(`answers nothing from memory ${what}`, async () => {
      await ask('/v2/bytes');
      await ask(path, headers);
      await ask(path, headers);
      assert.equal(handled, 3);
    });
  }
  for (const [what, path, headers] of [
    ['token', '/v2/bytes', { authorization: 'Bearer two' }],
    ['query', '/v2/bytes?n=1', bearer],
  ] as const) {
    test(`does not take one ${what} for another`, async () => {
      await ask('/v2/bytes');
      assert.equal(await (await ask(path, headers)).text(), 'answer 2');
    });
  }
});
