// What tokens and scope maps may not be called, name or lose.
import { idOf, registry } from '../../../fixtures/provisioned-cloud.ts';
import { describeRefusals, patch, put, remove } from '../../../fixtures/refusals.ts';

const scopeMap = (actions: unknown) => ({ properties: { actions } });

describeRefusals('what tokens and scope maps refuse', [
  [
    'a property that no scope map has',
    400,
    'InvalidRequestContent',
    put(`${registry}/scopeMaps/mymap`, { properties: { actions: [], action: [] } }),
  ],
  [
    'a description of more than 256 characters',
    400,
    'InvalidRequestContent',
    put(`${registry}/scopeMaps/mymap`, { properties: { actions: [], description: 'd'.repeat(257) } }),
  ],
  ['deleting a scope map in use', 409, 'Conflict', remove(`${registry}/scopeMaps/sync-map`)],
  [
    'a certificate that is none',
    400,
    'InvalidPropertyValue',
    patch(`${registry}/tokens/client1`, {
      properties: {
        credentials: { certificates: [{ name: 'certificate1', encodedPemCertificate: 'eA==' }] },
      },
    }),
  ],
  [
    'a scope map that is the system’s',
    400,
    'ScopeMapIsSystemDefined',
    put(`${registry}/scopeMaps/_repositories_pull`, scopeMap([])),
  ],
  [
    'a scope map without actions',
    400,
    'InvalidRequestContent',
    put(`${registry}/scopeMaps/mymap`, { properties: {} }),
  ],
  [
    'an action that is none',
    400,
    'InvalidPropertyValue',
    put(`${registry}/scopeMaps/mymap`, scopeMap(['repositories/a/content/fly'])),
  ],
  [
    'more actions than a scope map holds',
    403,
    'QuotaExceeded',
    put(
      `${registry}/scopeMaps/mymap`,
      scopeMap(Array.from({ length: 501 }, (_, index) => `repositories/r${index}/content/read`)),
    ),
  ],
  [
    'a token with a name that is none',
    400,
    'InvalidResourceName',
    put(`${registry}/tokens/a_b_c_d`, { properties: { scopeMapId: 'x' } }),
  ],
  [
    'a token with a scope map that is no id',
    400,
    'LinkedInvalidPropertyId',
    put(`${registry}/tokens/client2`, { properties: { scopeMapId: 'x' } }),
  ],
  [
    'a token with a scope map that is missing',
    400,
    'LinkedResourceNotFound',
    (at) =>
      at.arm('PUT', `${registry}/tokens/client2`, {
        properties: { scopeMapId: idOf(at, `${registry}/scopeMaps/missing`) },
      }),
  ],
  [
    'a password that has expired',
    400,
    'InvalidPropertyValue',
    (at) =>
      at.arm('POST', `${registry}/generateCredentials`, {
        tokenId: idOf(at, `${registry}/tokens/client1`),
        expiry: '2020-01-01T00:00:00Z',
      }),
  ],
  [
    'a password for a missing token',
    404,
    'ResourceNotFound',
    (at) =>
      at.arm('POST', `${registry}/generateCredentials`, {
        tokenId: idOf(at, `${registry}/tokens/missing`),
      }),
  ],
  ['deleting a sync token in use', 409, 'Conflict', remove(`${registry}/tokens/sync1`)],
]);
