// How an export, and what an import brought back, is shown.
import { column, listAt, timeColumn, type View } from '../output/view.ts';

export const archiveView: View = {
  columns: {
    FILE: column('file'),
    BYTES: column('bytes'),
    REGISTRIES: (item) => listAt(item, 'registries').join(' '),
    'CREATED (UTC)': timeColumn('createdAt'),
    VERSION: column('version'),
  },
};
