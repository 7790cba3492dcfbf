// How it is shown where a request stops.
import { at, column, listAt, type View } from '../output/view.ts';

export const explanationView: View = {
  keepsLast: true,
  columns: {
    CHECK: column('check'),
    RESULT: column('result'),
    DETAIL: column('detail'),
  },
  rows: (result) =>
    listAt(result, 'steps').flatMap((step) => {
      const remedy = at(step, 'remedy');
      const [check, detail] = [at(step, 'check'), at(step, 'detail')];
      const line = { check, detail, result: resultOf(step) };
      return remedy === undefined ? [line] : [line, { check: '', result: 'remedy', detail: remedy }];
    }),
};

function resultOf(step: unknown): string {
  if (at(step, 'ok') === true) return 'ok';
  return at(step, 'uncertain') === true ? 'not known' : 'stops here';
}
