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

/** The first trouble is shown; the others are in its JSON. */
export const nodeStatusView: View = {
  columns: {
    NAME: column('name'),
    STATE: column('state'),
    SYNC: column('sync.state'),
    'LAST SYNC (UTC)': timeColumn('sync.lastSyncTime'),
    'BYTES LEFT': (row) => bytesText(at(row, 'sync.outstandingBytes')),
    ADDRESS: column('address'),
    PID: column('pid'),
    'DATA FOLDER': column('dataFolder'),
    TROUBLE: (row) => {
      const [first] = listAt(row, 'sync.troubles');
      return first === undefined ? '' : `${String(at(first, 'code'))}: ${String(at(first, 'description'))}`;
    },
  },
};
