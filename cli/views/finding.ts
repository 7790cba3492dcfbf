// How the doctor's findings are shown: what mends one is a line of its own.
import { at, column, type View } from '../output/view.ts';

export const findingsView: View = {
  keepsLast: true,
  columns: { CHECK: column('check'), STATE: column('state'), DETAIL: column('detail') },
  rows: (findings) =>
    (Array.isArray(findings) ? findings : []).flatMap((finding: unknown) => {
      const remedy = at(finding, 'remedy');
      return remedy === undefined ? [finding] : [finding, { check: '', state: 'remedy', detail: remedy }];
    }),
};
