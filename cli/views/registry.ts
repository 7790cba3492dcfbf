// How a registry is shown.
import { column, timeColumn, type View } from '../output/view.ts';

const status = { status: null };

export const registryView: View = {
  fields: {
    adminUserEnabled: null,
    anonymousPullEnabled: null,
    creationDate: null,
    dataEndpointEnabled: null,
    dataEndpointHostNames: null,
    encryption: { keyVaultProperties: null, status: null },
    identity: null,
    location: null,
    loginServer: null,
    networkRuleBypassOptions: null,
    networkRuleSet: null,
    policies: {
      azureADAuthenticationAsArmPolicy: status,
      exportPolicy: status,
      quarantinePolicy: status,
      retentionPolicy: { days: null, lastUpdatedTime: null, status: null },
      trustPolicy: { status: null, type: null },
    },
    privateEndpointConnections: null,
    provisioningState: null,
    publicNetworkAccess: null,
    sku: { name: null, tier: null },
    status: null,
    systemData: null,
    tags: null,
    zoneRedundancy: null,
  },
  names: { 'networkRuleSet.ipRules.value': 'ipAddressOrRange' },
  columns: {
    NAME: column('name'),
    'RESOURCE GROUP': column('resourceGroup'),
    LOCATION: column('location'),
    SKU: column('sku.name'),
    'LOGIN SERVER': column('loginServer'),
    'CREATION DATE': timeColumn('creationDate'),
    'ADMIN ENABLED': column('adminUserEnabled'),
  },
};
