// Where a password may travel, as a table.
import { assert, describe } from '../../fixtures/describe.ts';
import { mayCarryPassword, parseChallenges } from './challenge.ts';

describe('a challenge', ({ test }) => {
  test('of Bearer is read with its parameters, quoted or bare, in any case', () => {
    const header = 'bearer Realm="https://r/oauth2/token",service=r,scope="repository:a/b:pull,push"';
    assert.deepEqual(parseChallenges([header]), {
      scheme: 'bearer',
      realm: 'https://r/oauth2/token',
      service: 'r',
      scope: 'repository:a/b:pull,push',
    });
  });
  test('of Bearer is preferred to one of Basic, wherever it stands', () => {
    assert.equal(parseChallenges(['Basic realm="r"', 'Bearer realm="https://r/t"'])?.scheme, 'bearer');
    assert.equal(parseChallenges(['Basic realm="r", Bearer realm="https://r/t"'])?.scheme, 'bearer');
  });
  test('of Basic alone is Basic', () => {
    assert.deepEqual(parseChallenges(['Basic realm="Azure Container Registry"']), { scheme: 'basic' });
  });
  test('of nothing known is none', () => {
    assert.equal(parseChallenges(['Negotiate']), undefined);
    assert.equal(parseChallenges([]), undefined);
    assert.equal(parseChallenges(['Bearer service="no realm"']), undefined);
  });
});

describe('a password', ({ test }) => {
  for (const [registry, realm, allowed] of [
    ['https://reg.example.com', 'https://reg.example.com/token', true],
    ['https://reg.example.com', 'https://reg.example.com:8443/token', true],
    ['http://localhost:5100', 'http://localhost:4430/token', true],
    ['https://registry-1.docker.io', 'https://auth.docker.io/token', true],
    ['https://registry.gitlab.com', 'https://gitlab.com/jwt/auth', true],
    ['https://reg.example.com', 'http://reg.example.com/token', false],
    ['http://reg.example.com', 'http://auth.example.com/token', false],
    ['https://reg.example.com', 'https://evil.com/token', false],
    ['https://reg.example.com', 'https://evilexample.com/token', false],
    ['https://example.com', 'https://evil.com/token', false],
    ['https://10.0.0.1', 'https://10.0.0.2/token', false],
    ['https://reg.example.com', 'file:///etc/passwd', false],
  ] as const) {
    test(`${allowed ? 'may' : 'may not'} go from ${registry} to ${realm}`, () => {
      assert.equal(mayCarryPassword(new URL(registry), new URL(realm)), allowed);
    });
  }
});
