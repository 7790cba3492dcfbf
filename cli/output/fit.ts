// Fits the columns of a table into the width of a terminal. What is cut ends with an ellipsis, so that nobody takes it for
// the whole; `-o tsv`, `-o json` and a pipe never cut anything.
const gap = 2;
const columnWidthMin = 6;
const ellipsis = '…';

/** In characters, as a terminal shows them one beside the other. */
export function widthOf(text: string): number {
  return Array.from(text).length;
}

/** Which columns suffer last. */
export interface Kept {
  /** The first one says what a row is about: it keeps a third of the terminal. */
  first?: boolean | undefined;
  /** The last one is to be read or copied whole: nothing of it is cut, and the terminal wraps it. */
  last?: boolean | undefined;
}

/** @param columns of the terminal; undefined: it does not matter. @returns the widths, the widest ones made smaller */
export function fit(
  widths: readonly number[],
  columns: number | undefined,
  { first, last }: Kept = {},
): number[] {
  const all = totalOf(widths);
  if (columns === undefined || all <= columns) return [...widths];
  const firstMin = first ? Math.min(widths[0]!, Math.floor(columns / 3)) : columnWidthMin;
  if (!last) return narrowed(widths, all - columns, firstMin);
  const others = widths.slice(0, -1);
  const narrow = narrowed(others, totalOf(others) - Math.floor(columns / 2), firstMin);
  return [...narrow, Math.max(columns - totalOf(narrow) - gap, columnWidthMin)];
}

const totalOf = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));

/** Levels the widest down to the next widest, and on, until enough is gone or all are as narrow as may be. */
function narrowed(widths: readonly number[], surplus: number, firstMin: number): number[] {
  const result = [...widths];
  const room = (at: number): number => (at === 0 && result[0]! <= firstMin ? 0 : result[at]!);
  for (let left = surplus; left > 0; left--) {
    const widest = result.reduce((best, _width, at) => (room(at) > room(best) ? at : best), 0);
    if (room(widest) <= columnWidthMin) break;
    result[widest]!--;
  }
  return result;
}

export function padded(cell: string, width: number): string {
  const shown = cut(cell, width);
  return shown + ' '.repeat(Math.max(width - widthOf(shown), 0));
}

/** For what does not fit even with the narrowest columns. */
export function fitLine(line: string, columns: number | undefined): string {
  return columns === undefined ? line : cut(line.trimEnd(), columns);
}

function cut(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  // The last of what stays may be a cell that was cut itself.
  return `${characters
    .slice(0, width - 1)
    .join('')
    .replace(/…$/, ' ')}${ellipsis}`;
}
