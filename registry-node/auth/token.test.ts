// Tokens: what they say, how long they say it, and that nobody else's are taken.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { assert, describe } from '../../fixtures/describe.ts';
import type { Clock } from '../clock.ts';
import { openTokenAuthority, type TokenAuthority } from './token.ts';

const reader = { name: 'reader', credential: 'password1' };
const access = [{ type: 'repository', name: 'team/app', actions: ['pull'] }];

describe('a token authority', ({ test, before, after }) => {
  let folder: string;
  let authority: TokenAuthority;
  let now = new Date('2026-01-01T00:00:00Z');
  const clock: Clock = {
    now: () => now,
    sleep: () => Promise.reject(new Error('an authority does not wait')),
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-tokens-'));
    authority = await openTokenAuthority({ folder, clock });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('issues access tokens with the claims of ACR', () => {
    const { token, expiresInSeconds } = authority.issueAccess(reader, 'registry.example', access);
    const { header, payload } = jwt.decode(token, { complete: true })!;
    assert.equal(header.alg, 'RS256');
    assert.match(header.kid ?? '', /^([A-Z2-7]{4}:){11}[A-Z2-7]{4}$/);
    const issuedAt = now.getTime() / 1000;
    const { jti, ...claims } = payload as Record<string, unknown>;
    assert.match(String(jti), /^[0-9a-f-]{36}$/);
    assert.deepEqual(claims, {
      sub: 'reader',
      credential: 'password1',
      iss: 'Azure Container Registry',
      aud: 'registry.example',
      version: '1.0',
      roles: [],
      nbf: issuedAt,
      iat: issuedAt,
      exp: issuedAt + 4500,
      grant_type: 'access_token',
      access,
    });
    assert.equal(expiresInSeconds, 4500);
  });

  test('verifies its tokens, also after a restart', async () => {
    const { token } = authority.issueAccess(reader, 'registry.example', access);
    const again = await openTokenAuthority({ folder, clock });
    for (const each of [authority, authority, again]) {
      assert.deepEqual(each.verify(token), { kind: 'access_token', subject: reader, access });
    }
  });

  test('issues tokens to nobody in particular', () => {
    const { token } = authority.issueAccess(undefined, 'registry.example', access);
    assert.equal(authority.verify(token)?.subject, undefined);
    assert.deepEqual(authority.verify(token)?.access, access);
  });

  test('lets tokens expire, known ones too', () => {
    const { token } = authority.issueAccess(reader, 'registry.example', access);
    const refresh = authority.issueRefresh(reader, 'registry.example');
    assert.ok(authority.verify(token));
    now = new Date(now.getTime() + 4500_000);
    assert.equal(authority.verify(token), undefined);
    assert.equal(authority.verify(refresh)?.kind, 'refresh_token');
    now = new Date(now.getTime() + (11_700 - 4500) * 1000);
    assert.equal(authority.verify(refresh), undefined);
  });

  test('takes no token that it did not sign', () => {
    const { token } = authority.issueAccess(reader, 'registry.example', []);
    const payload = jwt.decode(token) as object;
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const forged = [
      jwt.sign(payload, stranger, { algorithm: 'RS256' }),
      jwt.sign(payload, '', { algorithm: 'none' }),
      jwt.sign(payload, 'secret', { algorithm: 'HS256' }),
      `${token.slice(0, -4)}AAAA`,
      'not.a.token',
      '',
      'x'.repeat(100_000),
    ];
    for (const each of forged) assert.equal(authority.verify(each), undefined);
  });

  test('keeps its key where only its user reads it, and leaves nothing else', async () => {
    assert.deepEqual(await readdir(folder), ['token-key.pem']);
    assert.equal((await stat(join(folder, 'token-key.pem'))).mode & 0o777, 0o600);
  });
});
