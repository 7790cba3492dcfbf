// Access tokens: their signature is checked once, and they are believed until they end and not a second longer.
import { generateKeyPairSync } from 'node:crypto';
import { assert, describe } from '../../fixtures/describe.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { ArmError } from '../arm/errors.ts';
import { createAccessTokens, lifetimeSeconds } from './access-token.ts';

describe('an access token', ({ test }) => {
  const key = { keyId: 'one', ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
  const startedMs = Date.now();
  let passedMs = 0;
  const clock = { ...systemClock, now: () => new Date(startedMs + passedMs) };
  const tokens = createAccessTokens({ key, tenantId: 'tenant', clock });
  const principal = {
    objectId: 'object',
    clientId: 'client',
    applicationObjectId: 'application',
    displayName: 'test',
    enabled: true,
    createdAt: '',
  };
  const issue = (): string => tokens.issue(principal, { audience: 'a', kind: 'arm', credential: 'password' });
  const codeOf = (token: string): string => {
    try {
      return tokens.verify(token).clientId;
    } catch (error) {
      return error instanceof ArmError ? error.code : String(error);
    }
  };

  test('says the same each time it is verified', () => {
    const token = issue();
    const subject = { clientId: 'client', tenantId: 'tenant', kind: 'arm', credential: 'password' };
    assert.deepEqual([tokens.verify(token), tokens.verify(token)], [subject, subject]);
  });

  test('that was verified ends all the same', () => {
    const token = issue();
    assert.equal(codeOf(token), 'client');
    passedMs += (lifetimeSeconds - 1) * 1000;
    assert.equal(codeOf(token), 'client');
    passedMs += 2000;
    assert.equal(codeOf(token), 'ExpiredAuthenticationToken');
  });

  test('is good after the clock was set back by some minutes', () => {
    const token = issue();
    passedMs -= 4 * 60_000;
    assert.equal(codeOf(token), 'client');
  });

  test('that was verified vouches for no other with its claims', () => {
    const [header, payload, signature] = issue().split('.') as [string, string, string];
    assert.equal(codeOf([header, payload, signature].join('.')), 'client');
    const forged = `${signature.slice(0, 10)}${signature[10] === 'A' ? 'B' : 'A'}${signature.slice(11)}`;
    assert.equal(codeOf([header, payload, forged].join('.')), 'InvalidAuthenticationToken');
  });
});
