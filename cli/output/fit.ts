// Fits the columns of a table into the width of a terminal. What is cut ends with an ellipsis, so that nobody takes it for
// the whole; `-o tsv`, `-o json` and a pipe never cut anything.
const gap = 2;
const columnWidthMin = 6;
const ellipsis = '…';

/** In characters, as a terminal shows them one beside the other. */
export function widthOf(text: string): number {
  return Array.from(text).length;
}

/** @param columns of the terminal; undefined: it does not matter. @returns the widths, the widest ones made smaller */
export function fit(widths: readonly number[], columns: number | undefined): number[] {
  const all = widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
  const surplus = columns === undefined ? 0 : all - columns;
  return surplus > 0 ? narrowed(widths, surplus) : [...widths];
}

/** Levels the widest down to the next widest, and on, until enough is gone or all are as narrow as may be. */
function narrowed(widths: readonly number[], surplus: number): number[] {
  const result = [...widths];
  for (let left = surplus; left > 0; left--) {
    const widest = result.indexOf(Math.max(...result));
    if (result[widest]! <= columnWidthMin) break;
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
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}${ellipsis}`;
}
