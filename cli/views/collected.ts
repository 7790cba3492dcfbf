// How a garbage collection is shown: a line for each kind of thing that went, or would go.
import { at, column, type View } from '../output/view.ts';

const kinds = {
  blobs: 'blobs that no repository shows',
  files: 'files that a crash left behind',
  uploads: 'abandoned uploads',
  copies: 'abandoned copies',
  quarantined: 'damaged blobs put aside',
};

export const collectedView: View = {
  columns: { WHAT: column('what'), COUNT: column('count'), BYTES: column('bytes') },
  rows(result) {
    const rows = Object.entries(kinds).map(([kind, what]) => ({
      what,
      count: at(result, `${kind}.count`),
      bytes: at(result, `${kind}.bytes`),
    }));
    return [...rows, { what: 'together', bytes: at(result, 'freedBytes') }];
  },
};
