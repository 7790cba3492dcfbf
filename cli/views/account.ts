// How subscriptions are shown.
import { column, type View } from '../output/view.ts';

export const accountView: View = {
  columns: {
    Name: column('name'),
    CloudName: column('cloudName'),
    SubscriptionId: column('id'),
    TenantId: column('tenantId'),
    State: column('state'),
    IsDefault: column('isDefault'),
  },
};
