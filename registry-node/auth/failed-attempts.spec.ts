// Guessing passwords: whoever fails too often waits, at every door of the registry; whoever signs in is never held up.
import type { LightMyRequestResponse } from 'fastify';
import { assert, describe } from '../../fixtures/describe.ts';
import { basic, everything, owner, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { systemClock } from '../clock.ts';
import { limits } from '../oci/limits.ts';

const right = basic(owner, 'secret');
const wrong = basic(owner, 'guess');
const [stranger, other] = ['203.0.113.7', '203.0.113.8'];

describe('sign-ins that fail', ({ test, beforeEach, afterEach }) => {
  let registry: TestRegistry;
  let now: Date;
  beforeEach(async () => {
    now = new Date('2026-01-01T00:00:00Z');
    const users = { [owner]: { password: 'secret', actions: everything } };
    registry = await startRegistry({ users, clock: { ...systemClock, now: () => now } });
  });
  afterEach(() => registry.close());

  interface From {
    remoteAddress?: string;
    forwarded?: string;
  }
  const ask = (url: string, authorization: string, from: From = {}): Promise<LightMyRequestResponse> => {
    const { remoteAddress = stranger, forwarded } = from;
    const headers = { authorization, ...(forwarded && { 'x-forwarded-for': forwarded }) };
    return registry.app.inject({ url, headers, remoteAddress });
  };
  const status = async (...asked: Parameters<typeof ask>): Promise<number> =>
    (await ask(...asked)).statusCode;
  const failAll = async (from: From = {}): Promise<void> => {
    for (let attempt = 0; attempt < limits.signInFailuresMax; attempt++) {
      assert.equal(await status(attempt % 2 ? '/v2/' : '/oauth2/token', wrong, from), 401);
    }
  };

  test('too often from one address are answered 429 at every door, until the window ends', async () => {
    await failAll();
    for (const url of ['/v2/', '/oauth2/token', '/v2/app/manifests/v1']) {
      for (const authorization of [wrong, right]) {
        const answer = await ask(url, authorization);
        assert.equal(answer.statusCode, 429);
        assert.equal(answer.headers['retry-after'], '60');
        assert.match(answer.body, /TOOMANYREQUESTS.*failed.*try again in 60 s/);
      }
    }
    now = new Date(now.getTime() + limits.signInFailuresWindowMs);
    assert.equal(await status('/v2/', right), 200);
  });

  test('are forgotten when the clock is set back, and not held against the address until then', async () => {
    await failAll();
    now = new Date(now.getTime() - 24 * 3_600_000);
    assert.equal(await status('/v2/', right), 200);
  });

  test('hold up no other address, and no token that was issued before', async () => {
    const { access_token: token } = (await ask('/oauth2/token', right)).json<{ access_token: string }>();
    await failAll();
    assert.equal(await status('/v2/', right, { remoteAddress: other }), 200);
    assert.equal(await status('/v2/', `Bearer ${token}`), 200);
  });

  test('are counted by the address that a trusted proxy names, and by no other word for it', async () => {
    await failAll({ remoteAddress: '127.0.0.1', forwarded: stranger });
    assert.equal(await status('/v2/', right, { remoteAddress: '127.0.0.1', forwarded: other }), 200);
    assert.equal(await status('/v2/', right, { remoteAddress: '127.0.0.1', forwarded: stranger }), 429);
    assert.equal(await status('/v2/', right, { remoteAddress: other, forwarded: stranger }), 200);
  });

  test('are counted together for the /64 of an IPv6 address, and apart for others', async () => {
    await failAll({ remoteAddress: '2001:db8:1:2::7' });
    assert.equal(await status('/v2/', right, { remoteAddress: '2001:db8:1:2:ffff::8' }), 429);
    assert.equal(await status('/v2/', right, { remoteAddress: '2001:db8:1:3::7' }), 200);
  });

  test('are not those that succeed', async () => {
    for (let attempt = 0; attempt < 3 * limits.signInFailuresMax; attempt++) {
      assert.equal(await status('/oauth2/token', right), 200);
    }
  });
});
