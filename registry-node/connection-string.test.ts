// The connection string is the one thing a person copies by hand: each way of getting it wrong has its own sentence.
import { assert, describe } from '../fixtures/describe.ts';
import { ConnectionStringError, formatConnectionString, parseConnectionString } from './connection-string.ts';

const good =
  'ConnectedRegistryName=factory1;SyncTokenName=factory1;SyncTokenPassword=aB+/3==;' +
  'ParentGatewayEndpoint=localhost:5100;ParentEndpointProtocol=https';

describe('a connection string', ({ test }) => {
  test('is read with a password that holds equals signs', () => {
    assert.deepEqual(parseConnectionString(good), {
      connectedRegistryName: 'factory1',
      syncTokenName: 'factory1',
      syncTokenPassword: 'aB+/3==',
      parentGatewayEndpoint: 'localhost:5100',
      parentEndpointProtocol: 'https',
    });
  });

  test('is written as it was read', () => {
    assert.equal(formatConnectionString(parseConnectionString(good)), good);
  });

  for (const [what, text, reason] of [
    ['a key that is missing', good.replace('SyncTokenName=factory1;', ''), /SyncTokenName is missing/],
    [
      'a key that is empty',
      good.replace('SyncTokenName=factory1', 'SyncTokenName='),
      /SyncTokenName is empty/,
    ],
    ['a key that is given twice', `${good};SyncTokenName=x`, /SyncTokenName is given twice/],
    ['a key that does not exist', `${good};Colour=red`, /unknown key 'Colour'/],
    ["a key that is JavaScript's own", `${good};toString=x`, /unknown key 'toString'/],
    ['a piece without an equals sign', `${good};nonsense`, /'nonsense' has no '='/],
    [
      'a placeholder of the address',
      good.replace('localhost:5100', '<parent gateway endpoint>'),
      /placeholder .* Put the address there .*, like plant\.example\.com:8080;/,
    ],
    [
      'a placeholder of the password',
      good.replace(/SyncTokenPassword=[^;]*/, 'SyncTokenPassword=<use --generate-password>'),
      /placeholder .* Make a password with .*--generate-password 1'\.$/,
    ],
    ['an endpoint with a scheme', good.replace('localhost:5100', 'https://host'), /expected a host/],
    ['an endpoint with a path', good.replace('localhost:5100', 'host/acr'), /expected a host/],
    ['a protocol that is none', good.replace('=https', '=ftp'), /expected https or http/],
    ['nothing at all', '', /ConnectedRegistryName is missing/],
  ] as const) {
    test(`with ${what} is refused, naming it and not the password`, () => {
      assert.throws(
        () => parseConnectionString(text),
        (error) => {
          assert.ok(error instanceof ConnectionStringError);
          assert.match(error.message, reason);
          assert.ok(!error.message.includes('aB+/3=='));
          return true;
        },
      );
    });
  }
});
