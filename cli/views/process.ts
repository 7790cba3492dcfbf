// How a running process is shown.
import { column, timeColumn, type View } from '../output/view.ts';

export const processView: View = {
  columns: {
    NAME: column('name'),
    STATE: column('state'),
    ADDRESS: column('address'),
    PID: column('pid'),
    'STARTED (UTC)': timeColumn('startedAt'),
    'DATA FOLDER': column('dataFolder'),
  },
};
