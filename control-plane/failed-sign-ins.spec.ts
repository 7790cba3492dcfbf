// Guessing secrets: what fails at one door of a control plane counts at all of them, and the one that was tried too often is
// told to wait in the words of the door.
import { type Answer, type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { provision, registry } from '../fixtures/provisioned-cloud.ts';
import { basic } from '../fixtures/registry.ts';
import { systemClock } from '../registry-node/clock.ts';
import { limits } from '../registry-node/oci/limits.ts';

const [proxy, stranger, other] = ['203.0.113.9', '203.0.113.7', '203.0.113.8'];

describe('sign-ins that fail at a control plane', ({ test, before, after }) => {
  let cloud: Cloud;
  let loginServer: string;
  let now = new Date();
  before(async () => {
    cloud = await startCloud({ clock: { ...systemClock, now: () => now }, trustedProxies: [proxy] });
    await provision(cloud);
    loginServer = `https://${(await cloud.arm('GET', registry)).text('properties.loginServer')}`;
  });
  after(() => cloud.close());

  const atArm = (
    secret = cloud.credential.clientSecret,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const { endpoint, tenantId, clientId } = cloud.credential;
    const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
    const body = new URLSearchParams({ ...grant, scope: `${endpoint}/.default` });
    return cloud.call(`${endpoint}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body, headers });
  };
  const atExchange = (token: string): Promise<Answer> => {
    const body = new URLSearchParams({ grant_type: 'access_token', service: 'x', access_token: token });
    return cloud.call(`${loginServer}/oauth2/exchange`, { method: 'POST', body });
  };
  const atTokenEndpoint = (password = cloud.credential.clientSecret): Promise<Answer> =>
    cloud.call(`${loginServer}/oauth2/token?service=x`, {
      headers: { authorization: basic(cloud.credential.clientId, password) },
    });

  test('at its token endpoint are counted by the address that a trusted proxy forwards', async () => {
    const through = (client: string) => ({ 'x-forwarded-for': `${client}, ${proxy}` });
    for (let attempt = 0; attempt < limits.signInFailuresMax; attempt++) {
      assert.equal((await atArm('wrong', through(stranger))).status, 401);
    }
    assert.equal((await atArm(undefined, through(stranger))).status, 429);
    assert.equal((await atArm(undefined, through(other))).status, 200);
  });

  test('too often are answered 429 at every door, until the window ends', async () => {
    const token = (await atArm()).text('access_token');
    const doors = [() => atArm('wrong'), () => atExchange('wrong'), () => atTokenEndpoint('wrong')];
    for (let attempt = 0; attempt < limits.signInFailuresMax; attempt++) {
      assert.equal((await doors[attempt % doors.length]!()).status, 401);
    }
    for (const ask of [...doors, () => atArm(), () => atExchange(token), () => atTokenEndpoint()]) {
      const answer = await ask();
      assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '60']);
    }
    assert.equal((await atArm()).at('error'), 'temporarily_unavailable');
    assert.equal((await atExchange(token)).at('errors.0.code'), 'TOOMANYREQUESTS');
    assert.equal((await cloud.arm('GET', registry)).status, 200);
    now = new Date(now.getTime() + limits.signInFailuresWindowMs);
    for (const ask of [() => atArm(), () => atExchange(token), () => atTokenEndpoint()]) {
      assert.equal((await ask()).status, 200);
    }
  });
});
