// What connected registries may not be called, name, be set to or lose.
import { basic, connect, create, idOf, registries, registry } from '../../../fixtures/provisioned-cloud.ts';
import { describeRefusals, get, patch, post, put, remove } from '../../../fixtures/refusals.ts';

describeRefusals('what connected registries refuse', [
  [
    'one of a registry without a data endpoint',
    400,
    'DataEndpointDisabled',
    async (at) => {
      const path = `${registries}/without1`;
      await at.settle(await at.arm('PUT', path, create()));
      const syncProperties = { tokenId: idOf(at, `${path}/tokens/sync1`), messageTtl: 'P2D' };
      const properties = { mode: 'ReadOnly', parent: { syncProperties } };
      return at.arm('PUT', `${path}/connectedRegistries/factory1`, { properties });
    },
  ],
  [
    'a sync token among the client tokens',
    400,
    'InvalidPropertyValue',
    (at) =>
      at.arm('PATCH', `${registry}/connectedRegistries/factory1`, {
        properties: { clientTokenIds: [idOf(at, `${registry}/tokens/sync1`)] },
      }),
  ],
  [
    'more client tokens than there may be',
    403,
    'QuotaExceeded',
    (at) =>
      at.arm('PATCH', `${registry}/connectedRegistries/factory1`, {
        properties: {
          clientTokenIds: Array.from({ length: 51 }, (_, index) =>
            idOf(at, `${registry}/tokens/client${index}`),
          ),
        },
      }),
  ],
  [
    'a managed identity for a connected registry',
    501,
    'NotImplemented',
    patch(`${registry}/connectedRegistries/factory1?api-version=2026-09-01-preview`, {
      properties: { syncProperties: { authType: 'ManagedIdentity' } },
    }),
  ],
  [
    'a garbage collection schedule that is none',
    400,
    'InvalidPropertyValue',
    patch(`${registry}/connectedRegistries/factory1`, {
      properties: { garbageCollection: { schedule: '61 0 * * *' } },
    }),
  ],
  [
    'a sync filter that is none',
    400,
    'InvalidRequestContent',
    patch(`${registry}/connectedRegistries/factory1`, {
      properties: { syncFilter: [{ repository: 'app', tags: { newest: 0 } }] },
    }),
  ],
  [
    'a sync filter with a setting that there is not',
    400,
    'InvalidRequestContent',
    patch(`${registry}/connectedRegistries/factory1`, {
      properties: { syncFilter: [{ repository: 'app', tag: 'v1' }] },
    }),
  ],
  [
    'a connected registry of a Basic registry',
    400,
    'SkuNotSupported',
    put(`${basic}/connectedRegistries/factory1`, {
      properties: { mode: 'ReadOnly', parent: { syncProperties: { tokenId: 'x', messageTtl: 'P2D' } } },
    }),
  ],
  [
    'a connected registry with a dash',
    400,
    'InvalidResourceName',
    (at) => connect(at, 'factory-2', { tokenId: 'sync3' }),
  ],
  [
    'a mode that is none',
    400,
    'InvalidRequestContent',
    (at) => connect(at, 'factory2', { tokenId: 'sync3', mode: 'WriteOnly' }),
  ],
  [
    'a sync token that is missing',
    400,
    'LinkedResourceNotFound',
    (at) => connect(at, 'factory2', { tokenId: 'missing' }),
  ],
  ['a sync token that another uses', 409, 'Conflict', (at) => connect(at, 'factory2', { tokenId: 'sync1' })],
  [
    'a parent that is missing',
    400,
    'LinkedResourceNotFound',
    (at) => connect(at, 'factory2', { tokenId: 'sync3', parent: 'missing' }),
  ],
  [
    'a ReadWrite child of a ReadOnly parent',
    400,
    'ConnectedRegistryModeConflict',
    (at) => connect(at, 'factory2', { tokenId: 'sync3', parent: 'machine1' }),
  ],
  [
    'a message TTL of an hour',
    400,
    'InvalidPropertyValue',
    (at) => connect(at, 'factory2', { tokenId: 'sync3', sync: { messageTtl: 'PT1H' } }),
  ],
  [
    'a window of eight days',
    400,
    'InvalidPropertyValue',
    (at) => connect(at, 'factory2', { tokenId: 'sync3', sync: { schedule: '0 0 * * *', syncWindow: 'P8D' } }),
  ],
  [
    'a schedule that is none',
    400,
    'InvalidPropertyValue',
    (at) => connect(at, 'factory2', { tokenId: 'sync3', sync: { schedule: 'nightly' } }),
  ],
  [
    'a client token that is missing',
    400,
    'LinkedResourceNotFound',
    (at) =>
      connect(at, 'factory2', {
        tokenId: 'sync3',
        properties: { clientTokenIds: [idOf(at, `${registry}/tokens/missing`)] },
      }),
  ],
  [
    'a notification that is none',
    400,
    'InvalidPropertyValue',
    (at) => connect(at, 'factory2', { tokenId: 'sync3', properties: { notificationsList: ['hello'] } }),
  ],
  [
    'more notifications than there may be',
    403,
    'QuotaExceeded',
    patch(`${registry}/connectedRegistries/factory1`, {
      properties: { notificationsList: Array.from({ length: 501 }, (_, index) => `app${index}:push`) },
    }),
  ],
  [
    'a change of mode',
    400,
    'PropertyChangeNotAllowed',
    (at) => connect(at, 'factory1', { tokenId: 'sync1', mode: 'ReadOnly' }),
  ],
  [
    'a change of the sync token',
    400,
    'PropertyChangeNotAllowed',
    (at) => connect(at, 'factory1', { tokenId: 'sync3' }),
  ],
  ['deleting a parent', 409, 'Conflict', remove(`${registry}/connectedRegistries/factory1`)],
  [
    'resynchronising what never ran',
    409,
    'ConnectedRegistryHasOfflineChildren',
    post(`${registry}/connectedRegistries/factory1/resync`),
  ],
  [
    'resynchronising a nested one that never ran',
    409,
    'ConnectedRegistryHasOfflineChildren',
    post(`${registry}/connectedRegistries/machine1/resync`),
  ],
  [
    'a filter that is none',
    400,
    'InvalidFilterInQueryString',
    get(`${registry}/connectedRegistries?$filter=mode%20ne%20'x'`),
  ],
]);
