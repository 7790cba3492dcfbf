// Patterns of names: `*` stands for any characters, `/` among them, and `?` for one.

/** Takes time in proportion to pattern and text, whatever a pattern of strangers says. */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  /** Behind the last `*`, and where the text that it stands for ends so far. */
  let star = -1;
  let starEnd = 0;
  while (from < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = ++at;
      starEnd = from;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star;
      from = ++starEnd;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
