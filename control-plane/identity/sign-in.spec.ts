// Signing in to the control plane: what clients read first, what they are refused, and what a restart keeps.
import { createPublicKey, type webcrypto } from 'node:crypto';
import { stat } from 'node:fs/promises';
import jwt from 'jsonwebtoken';
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
    ['a resource of someone else', { scope: 'https://vault.azure.net/.default' }, 400, 'invalid_resource'],
    ['a resource named like a property', { scope: 'https://constructor/.default' }, 400, 'invalid_resource'],
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
    const { endpoint, tenantId } = cloud.credential;
    const describeAt = (version: string) =>
      cloud.call(`${endpoint}/metadata/endpoints?api-version=${version}`);
    const now = await describeAt('2022-09-01');
    assert.equal(now.at('resourceManager'), endpoint);
    assert.equal(now.at('authentication.loginEndpoint'), `${endpoint}/adfs`);
    assert.equal(now.at('authentication.tenant'), tenantId);
    assert.equal(now.at('microsoftGraphResourceId'), `${endpoint}/graph`);
    assert.notEqual(now.at('suffixes.acrLoginServer'), undefined);
    assert.deepEqual((await describeAt('2019-05-01')).body, [now.body], 'a list of all clouds');
    const old = await describeAt('2015-01-01');
    assert.deepEqual(old.at('authentication.audiences'), [endpoint]);
    assert.equal(old.at('graphEndpoint'), `${endpoint}/graph`);
  });

  test('tells MSAL where to sign in, as ADFS and as AAD', async () => {
    const { endpoint, tenantId } = cloud.credential;
    const rows = [
      ['adfs/.well-known/openid-configuration', 'adfs', 'adfs/oauth2/token'],
      ['common/.well-known/openid-configuration', 'common', 'common/oauth2/v2.0/token'],
      [`${tenantId}/v2.0/.well-known/openid-configuration`, tenantId, `${tenantId}/oauth2/v2.0/token`],
    ] as const;
    for (const [path, issuer, token] of rows) {
      const found = await cloud.call(`${endpoint}/${path}`);
      assert.equal(found.at('issuer'), `${endpoint}/${issuer}`);
      assert.equal(found.at('token_endpoint'), `${endpoint}/${token}`);
      const keys = await cloud.call(found.text('jwks_uri'));
      assert.equal(keys.at('keys.0.alg'), 'RS256');
    }
    const instance = await cloud.call(
      `${endpoint}/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}/${tenantId}/oauth2/v2.0/authorize`,
    );
    assert.deepEqual(instance.at('metadata.0.aliases'), [new URL(endpoint).host]);
    assert.equal((await cloud.call(instance.text('tenant_discovery_endpoint'))).status, 200);
    const other = await cloud.call(`${endpoint}/another-tenant/v2.0/.well-known/openid-configuration`);
    assert.deepEqual([other.status, other.at('error')], [400, 'invalid_tenant']);
  });

  test('gives tokens that its keys verify, with the claims of AAD', async () => {
    const { endpoint, tenantId, clientId, clientSecret } = cloud.credential;
    const signedIn = [
      [`${tenantId}/oauth2/v2.0/token`, { scope: `${endpoint}/.default` }],
      [`${tenantId}/oauth2/token`, { resource: endpoint }],
      ['adfs/oauth2/token', { scope: `${endpoint}/.default openid profile offline_access` }],
    ] as const;
    const jwks = await cloud.call(`${endpoint}/common/discovery/keys`);
    const key = createPublicKey({ key: jwks.at('keys.0') as webcrypto.JsonWebKey, format: 'jwk' });
    for (const [path, what] of signedIn) {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
      const answer = await cloud.call(`${endpoint}/${path}`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, ...what }),
      });
      const { header, payload } = jwt.verify(answer.text('access_token'), key, { complete: true });
      assert.equal(header.kid, jwks.at('keys.0.kid'));
      const claims = payload as jwt.JwtPayload;
      assert.partialDeepStrictEqual(claims, { aud: endpoint, appid: clientId, tid: tenantId, idtyp: 'app' });
      assert.equal(claims.exp! - claims.iat!, answer.at('expires_in'));
    }
  });

  test('takes the client and its secret as Basic, form-encoded as OAuth has it or as they are', async () => {
    const { endpoint, tenantId, clientId, clientSecret } = cloud.credential;
    assert.match(clientSecret, /\+/);
    const encoded = [clientId, clientSecret].map(encodeURIComponent);
    const statusOf = async (credentials: readonly string[]): Promise<number> => {
      const authorization = `Basic ${Buffer.from(credentials.join(':')).toString('base64')}`;
      const answer = await cloud.call(`${endpoint}/${tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: `${endpoint}/.default` }),
      });
      return answer.status;
    };
    assert.equal(await statusOf(encoded), 200);
    assert.equal(await statusOf([clientId, clientSecret]), 200);
    assert.equal(await statusOf([clientId, clientSecret.replaceAll('+', ' ')]), 401);
    assert.equal(await statusOf([clientId, '%']), 401);
    assert.equal(await statusOf([clientId]), 400);
  });

  test('refuses to sign in to another tenant', async () => {
    const { endpoint, clientId, clientSecret } = cloud.credential;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const answer = await cloud.call(`${endpoint}/another-tenant/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, scope: `${endpoint}/.default` }),
    });
    assert.deepEqual([answer.status, answer.at('error')], [400, 'invalid_request']);
    assert.match(answer.text('error_description'), /^AADSTS90002: /);
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
