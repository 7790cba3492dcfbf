// How the changes that an estate needs are shown.
import { at, column, listAt, textAt, type View } from '../output/view.ts';
import { text } from '../estate/text.ts';
import { kinds } from '../estate/kinds.ts';

export const changesView: View = {
  columns: {
    ACTION: column('action'),
    KIND: (change) => kinds[textAt(change, 'kind') as keyof typeof kinds].title,
    NAME: (change) => [at(change, 'registry'), at(change, 'name')].filter(Boolean).join('/'),
    CHANGES: (change) => listAt(change, 'fields').map(fieldText).join('; '),
  },
};

/** Of lists only what comes and what goes. */
function fieldText(change: unknown): string {
  const [field, from, to] = [textAt(change, 'field'), at(change, 'from'), at(change, 'to')];
  if (!Array.isArray(to)) return `${field}: ${from === null ? '' : `${text(from)} -> `}${text(to)}`;
  const before: string[] = Array.isArray(from) ? from.map(text) : [];
  const after: string[] = to.map(text);
  const added = after.filter((item) => !before.includes(item)).map((item) => `+${item}`);
  const removed = before.filter((item) => !after.includes(item)).map((item) => `-${item}`);
  return `${field}: ${[...added, ...removed].join(' ')}`;
}
