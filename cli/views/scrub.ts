// How a scrub is shown.
import { column, timeColumn, type View } from '../output/view.ts';

export const scrubView: View = {
  columns: {
    STATE: column('state'),
    'STARTED (UTC)': timeColumn('startedAt'),
    'ENDED (UTC)': timeColumn('endedAt'),
    MANIFESTS: column('manifests'),
    BLOBS: column('blobs'),
    BYTES: column('bytes'),
    DAMAGED: column('damaged'),
  },
};
