// How a replication is shown.
import { column, type View } from '../output/view.ts';

export const replicationView: View = {
  fields: {
    location: null,
    provisioningState: null,
    regionEndpointEnabled: null,
    status: { displayStatus: null, message: null, timestamp: null },
    systemData: null,
    tags: null,
    zoneRedundancy: null,
  },
  columns: {
    NAME: column('name'),
    LOCATION: column('location'),
    'PROVISIONING STATE': column('provisioningState'),
    STATUS: column('status.displayStatus'),
    'REGION ENDPOINT ENABLED': column('regionEndpointEnabled'),
  },
};
