// --debug shows what is sent and answered, and never a secret.
import { assert, describe } from '../../fixtures/describe.ts';
import { hideSecrets } from './hide-secrets.ts';

describe('hideSecrets', ({ test }) => {
  const rows: [string, unknown, string][] = [
    [
      'a password in JSON',
      { passwords: [{ name: 'password1', value: 's3cret' }] },
      '{"passwords":[{"name":"password1","value":"***"}]}',
    ],
    ['the list that ARM calls value', { value: [{ name: 'a' }] }, '{"value":[{"name":"a"}]}'],
    [
      'tokens in an answer',
      { access_token: 's3cret', token: 's3cret', expires_in: 1 },
      '{"access_token":"***","token":"***","expires_in":1}',
    ],
    [
      'a form',
      new URLSearchParams({ client_id: 'me', client_secret: 's3cret' }),
      'client_id=me&client_secret=***',
    ],
    [
      'the password of a service principal',
      { keyId: 'k', secretText: 's3cret' },
      '{"keyId":"k","secretText":"***"}',
    ],
    [
      'the headers of a webhook',
      { customHeaders: { Authorization: 'Basic s3cret', 'X-Key': 's3cret' } },
      '{"customHeaders":{"Authorization":"***","X-Key":"***"}}',
    ],
    [
      'the address of a webhook, which may hold a password or a key',
      { serviceUri: 'https://me:s3cret@hooks.example.com/?code=s3cret', status: 'enabled' },
      '{"serviceUri":"***","status":"enabled"}',
    ],
    ['bytes', Buffer.from('s3cret'), '(6 bytes)'],
    ['nothing', undefined, ''],
  ];
  for (const [name, body, expected] of rows) test(name, () => assert.equal(hideSecrets(body), expected));
});
