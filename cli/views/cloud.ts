// How control planes are shown.
import { column, type View } from '../output/view.ts';

export const cloudView: View = {
  columns: {
    IsActive: column('isActive'),
    Name: column('name'),
    Endpoint: column('endpoints.resourceManager'),
  },
};
