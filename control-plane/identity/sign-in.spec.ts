// Signing in to the control plane: what clients read first, what they are refused, and what a restart keeps.
import { stat } from 'node:fs/promises';
import { type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';

describe('signing in to the control plane', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
  });
  after(() => cloud.close());

  const rows: [string, object, number, string][] = [
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['an unknown client', { client_id: 'd7f5c7a0-0000-4000-8000-000000000000' }, 401, 'invalid_client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [
      'a resource of someone else',
      { scope: 'https://graph.microsoft.com/.default' },
      400,
      'invalid_resource',
    ],
    ['no secret', { client_secret: '' }, 400, 'invalid_request'],
  ];
  for (const [what, change, status, error] of rows) {
    test(`refuses ${what}`, async () => {
      const { endpoint, tenantId, clientId, clientSecret } = cloud.credential;
      const form = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: `${endpoint}/.default`,
        ...change,
      };
      const answer = await cloud.call(`${endpoint}/${tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      assert.deepEqual([answer.status, answer.at('error')], [status, error]);
    });
  }

  test('describes itself to clients that were pointed at it', async () => {
    const { endpoint } = cloud.credential;
    const now = await cloud.call(`${endpoint}/metadata/endpoints?api-version=2022-09-01`);
    assert.equal(now.at('resourceManager'), endpoint);
    assert.equal(now.at('authentication.loginEndpoint'), `${endpoint}/adfs`);
    assert.notEqual(now.at('suffixes.acrLoginServer'), undefined);
    const old = await cloud.call(`${endpoint}/metadata/endpoints?api-version=2015-01-01`);
    assert.deepEqual(old.at('authentication.audiences'), [endpoint]);
    const authority = await cloud.call(`${endpoint}/adfs/.well-known/openid-configuration`);
    assert.equal(authority.at('token_endpoint'), `${endpoint}/adfs/oauth2/token`);
    const keys = await cloud.call(authority.text('jwks_uri'));
    assert.equal(keys.at('keys.0.alg'), 'RS256');
  });

  test('keeps its credential private, and good after a restart', async () => {
    const { clientId, clientSecret, certificateAuthorityFile } = cloud.credential;
    assert.equal((await stat(`${cloud.folder}/credential.json`)).mode & 0o777, 0o600);
    assert.equal((await stat(`${cloud.folder}/data`)).mode & 0o777, 0o700);
    await cloud.restart();
    assert.deepEqual(
      [cloud.credential.clientId, cloud.credential.clientSecret, cloud.credential.certificateAuthorityFile],
      [clientId, clientSecret, certificateAuthorityFile],
    );
    assert.equal((await cloud.arm('GET', '/subscriptions')).status, 200);
  });
});
