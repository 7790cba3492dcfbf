// How a running process is shown.
import { bytesText } from '../output/bytes.ts';
import { at, column, listAt, timeColumn, type View } from '../output/view.ts';

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

/** Troubles by their codes; the command warns of each with what to do. */
export const nodeStatusView: View = {
  columns: {
    NAME: column('name'),
    STATE: column('state'),
    SYNC: column('sync.state'),
    'LAST SYNC (UTC)': timeColumn('sync.lastSyncTime'),
    'BYTES LEFT': (row) => bytesText(at(row, 'sync.outstandingBytes')),
    'WINDOW OPENS (UTC)': timeColumn('sync.opens'),
    ADDRESS: column('address'),
    PID: column('pid'),
    'DATA FOLDER': column('dataFolder'),
    TROUBLE: (row) =>
      [...new Set(listAt(row, 'sync.troubles').map((trouble) => at(trouble, 'code')))].join(', '),
  },
};
