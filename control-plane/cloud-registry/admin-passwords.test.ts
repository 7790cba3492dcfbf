// Passwords that are derived: stable where they must be, different where they must be.
import { assert, describe } from '../../fixtures/describe.ts';
import type { RegistryProperties } from '../resources/registries/schema.ts';
import { adminPasswords } from './admin-passwords.ts';

const registry = (uid: string, generation = 0): RegistryProperties => ({
  creationDate: '2026-01-01T00:00:00.000Z',
  provisioningState: 'Succeeded',
  adminUserEnabled: true,
  anonymousPullEnabled: false,
  dataEndpointEnabled: false,
  armAudienceEnabled: true,
  uid,
  adminPasswordGenerations: { password: generation, password2: 0 },
});

describe("the admin user's passwords", ({ test }) => {
  const passwords = adminPasswords(Buffer.alloc(32, 7));

  test('have 52 characters and the marker that scanners look for', () => {
    assert.match(passwords.of(registry('a'), 'password'), /^[A-Za-z0-9]{42}\+ACR[A-Za-z0-9]{6}$/);
  });

  test('are the same each time, and differ by name, registry, generation and secret', () => {
    const first = passwords.of(registry('a'), 'password');
    assert.equal(passwords.of(registry('a'), 'password'), first);
    const others = [
      passwords.of(registry('a'), 'password2'),
      passwords.of(registry('b'), 'password'),
      passwords.of(registry('a', 1), 'password'),
      adminPasswords(Buffer.alloc(32, 8)).of(registry('a'), 'password'),
    ];
    assert.equal(new Set([first, ...others]).size, 5);
  });

  test('sign in with either, and not with one that was regenerated', () => {
    const old = passwords.of(registry('a'), 'password');
    const credential = passwords.credentialOf(registry('a'), old);
    assert.equal(passwords.has(registry('a'), credential), true);
    assert.notEqual(
      passwords.credentialOf(registry('a'), passwords.of(registry('a'), 'password2')),
      credential,
    );
    assert.equal(passwords.credentialOf(registry('a', 1), old), undefined);
    assert.equal(passwords.has(registry('a', 1), credential), false);
    assert.equal(passwords.credentialOf(registry('a'), ''), undefined);
  });
});
