// How a resource group is shown.
import { column, type View } from '../output/view.ts';

export const groupView: View = {
  fields: { location: null, managedBy: null, tags: null, type: null },
  keepsProperties: true,
};

/** Only the list of az has columns of its own. */
export const groupsView: View = {
  ...groupView,
  columns: {
    Name: column('name'),
    Location: column('location'),
    Status: column('properties.provisioningState'),
  },
};
