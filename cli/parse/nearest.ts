// What somebody probably meant who mistyped a command, an option or a choice.
const suggestionsMax = 3;
/** A beginning shorter than this says too little. */
const beginningMin = 3;

/** @returns the nearest of the known words, the nearest first; none when all are far */
export function nearest(word: string, known: readonly string[]): string[] {
  const typed = word.toLowerCase();
  const near = known.flatMap((name) => {
    const meant = name.toLowerCase();
    if (typed.replace(/^-+/, '').length >= beginningMin && meant.startsWith(typed)) return [{ name, far: 0 }];
    const far = distance(typed, meant);
    return far <= Math.ceil(meant.replace(/^-+/, '').length / 3) ? [{ name, far }] : [];
  });
  return near
    .sort((a, b) => a.far - b.far)
    .slice(0, suggestionsMax)
    .map(({ name }) => name);
}

/** The sentence that names them, or undefined. */
export function didYouMean(suggestions: readonly string[]): string | undefined {
  const quoted = suggestions.map((suggestion) => `'${suggestion}'`);
  return quoted.length === 0 ? undefined : `Did you mean ${quoted.join(' or ')}?`;
}

/** Levenshtein: how many letters to insert, delete or replace. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replace = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
