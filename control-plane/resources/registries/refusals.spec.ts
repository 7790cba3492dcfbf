// What a registry may not be called, be, or be set to.
import { basic, create, registries, registry } from '../../../fixtures/provisioned-cloud.ts';
import { describeRefusals, patch, post, put } from '../../../fixtures/refusals.ts';

describeRefusals('what registries refuse', [
  ['a registry with a short name', 400, 'InvalidResourceName', put(`${registries}/abc`, create())],
  ['a registry with a dash', 400, 'InvalidResourceName', put(`${registries}/my-registry`, create())],
  [
    'a registry without a tier',
    400,
    'InvalidRequestContent',
    put(`${registries}/another1`, { location: 'x' }),
  ],
  [
    'a tier that is none',
    400,
    'InvalidRequestContent',
    put(`${registries}/another1`, create({ sku: { name: 'constructor' } })),
  ],
  [
    'the Classic tier',
    400,
    'ClassicSkuDeprecated',
    put(`${registries}/another1`, create({ sku: { name: 'Classic' } })),
  ],
  ['a registry that moves', 409, 'InvalidResourceLocation', put(registry, create({ location: 'eastus' }))],
  [
    'a property that no registry has',
    400,
    'InvalidRequestContent',
    put(`${registries}/another1`, create({ properties: { adminUserEnabld: true } })),
  ],
  [
    'a property that came with a later api-version',
    400,
    'InvalidRequestContent',
    patch(`${registry}?api-version=2023-07-01`, { properties: { anonymousPullEnabled: true } }),
  ],
  [
    'network rules on Basic',
    400,
    'NetworkRuleNotSupported',
    patch(basic, { properties: { networkRuleSet: { defaultAction: 'Deny' } } }),
  ],
  [
    'closing the public endpoint on Basic',
    400,
    'DisablingPublicNetworkAccessNotSupported',
    patch(basic, { properties: { publicNetworkAccess: 'Disabled' } }),
  ],
  [
    'a retention policy on Basic',
    400,
    'SkuNotSupported',
    patch(basic, { properties: { policies: { retentionPolicy: { status: 'enabled' } } } }),
  ],
  [
    'retention for more than a year',
    400,
    'InvalidRequestContent',
    patch(registry, { properties: { policies: { retentionPolicy: { days: 366 } } } }),
  ],
  [
    'content trust on Basic',
    400,
    'SkuNotSupported',
    patch(basic, { properties: { policies: { trustPolicy: { status: 'enabled' } } } }),
  ],
  [
    'a network rule that is no address',
    400,
    'InvalidPropertyValue',
    patch(registry, {
      properties: { networkRuleSet: { defaultAction: 'Allow', ipRules: [{ value: '10.0.0.0/33' }] } },
    }),
  ],
  [
    'more network rules than there may be',
    403,
    'QuotaExceeded',
    patch(registry, {
      properties: {
        networkRuleSet: {
          defaultAction: 'Allow',
          ipRules: Array.from({ length: 101 }, (_, index) => ({ value: `10.0.0.${index}` })),
        },
      },
    }),
  ],
  [
    'disabling exports alone',
    400,
    'InvalidPropertyValue',
    patch(registry, { properties: { policies: { exportPolicy: { status: 'disabled' } } } }),
  ],
  [
    'encryption without a key',
    400,
    'InvalidPropertyValue',
    patch(registry, { properties: { encryption: { status: 'enabled' } } }),
  ],
  [
    'a change of the zone redundancy',
    400,
    'PropertyChangeNotAllowed',
    patch(registry, { properties: { zoneRedundancy: 'Enabled' } }),
  ],
  [
    'identities that the type of identity does not have',
    400,
    'InvalidPropertyValue',
    patch(registry, { identity: { type: 'SystemAssigned', userAssignedIdentities: { '/a': {} } } }),
  ],
  [
    'a registry name that is taken',
    409,
    'AlreadyInUse',
    async (at) => {
      await at.arm('PUT', 'resourceGroups/other-rg', { location: 'westeurope' });
      return at.arm('PUT', registry.replace('acr-rg', 'other-rg'), create());
    },
  ],
  [
    'anonymous pull on Basic',
    400,
    'BadRequest',
    patch(basic, { properties: { anonymousPullEnabled: true } }),
  ],
  [
    'a data endpoint on Basic',
    400,
    'SkuNotSupported',
    patch(basic, { properties: { dataEndpointEnabled: true } }),
  ],
  [
    'a downgrade while it has connected registries',
    409,
    'Conflict',
    patch(registry, { sku: { name: 'Standard' } }),
  ],
  ['credentials of a disabled admin user', 400, 'AdminUserDisabled', post(`${basic}/listCredentials`)],
  [
    'an import without a source',
    400,
    'InvalidPropertyValue',
    (at) => at.arm('POST', `${registry}/importImage`, { source: { sourceImage: 'a:1' } }),
  ],
  [
    'an import of what is no image',
    400,
    'InvalidPropertyValue',
    (at) =>
      at.arm('POST', `${registry}/importImage`, {
        source: { registryUri: 'localhost', sourceImage: 'A B' },
      }),
  ],
  [
    'an import from a URL with a path',
    400,
    'InvalidPropertyValue',
    (at) =>
      at.arm('POST', `${registry}/importImage`, {
        source: { registryUri: 'localhost/etc', sourceImage: 'a:1' },
      }),
  ],
  [
    'an import from a source with a password in its address',
    400,
    'InvalidPropertyValue',
    (at) =>
      at.arm('POST', `${registry}/importImage`, {
        source: { registryUri: ':s3cret@localhost', sourceImage: 'a:1' },
      }),
  ],
]);
