// Words for a POSIX shell: what acrc prints is meant to be pasted.

/** @returns the word as it is, or in single quotes when the shell would read more into it */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
