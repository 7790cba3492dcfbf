// How it is shown where a request stops.
import { at, column, listAt, type View } from '../output/view.ts';

export const explanationView: View = {
  columns: {
    CHECK: column('check'),
    RESULT: column('result'),
    DETAIL: column('detail'),
  },
  rows: (result) =>
    listAt(result, 'steps').flatMap((step) => {
      const remedy = at(step, 'remedy');
      const [check, detail] = [at(step, 'check'), at(step, 'detail')];
      const line = { check, detail, result: at(step, 'ok') === true ? 'ok' : 'stops here' };
      return remedy === undefined ? [line] : [line, { check: '', result: 'remedy', detail: remedy }];
    }),
};
