// How service principals are shown.
import { column, type View } from '../output/view.ts';

export const principalView: View = {
  columns: {
    DisplayName: column('displayName'),
    Id: column('id'),
    AppId: column('appId'),
    CreatedDateTime: column('createdDateTime'),
  },
};
