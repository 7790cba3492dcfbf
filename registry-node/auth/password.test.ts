// Passwords and their verifiers.
import { assert, describe } from '../../fixtures/describe.ts';
import { generatePassword, makeVerifier, verifyPassword } from './password.ts';

describe('a password', ({ test }) => {
  test('has 52 characters of base64, the marker of ACR, and is never the same', () => {
    const passwords = Array.from({ length: 100 }, generatePassword);
    for (const password of passwords) assert.match(password, /^[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9+/]{6}$/);
    assert.equal(new Set(passwords).size, 100);
  });

  test('is verified by what was made of it, and nothing else is', () => {
    const password = generatePassword();
    const verifier = makeVerifier(password);
    assert.equal(verifyPassword(password, verifier), true);
    assert.equal(verifyPassword(`${password} `, verifier), false);
    assert.equal(verifyPassword('', verifier), false);
    assert.ok(!verifier.includes(password));
    assert.notEqual(makeVerifier(password), verifier);
  });

  for (const verifier of ['', 'sha256', 'sha256:', 'sha256::', 'sha1:a:b', 'sha256:!:!', ':::']) {
    test(`is not verified by '${verifier}'`, () => assert.equal(verifyPassword('', verifier), false));
  }
});
