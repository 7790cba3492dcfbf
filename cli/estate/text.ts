// How a value is named in a sentence or a table: a name as it is, the rest as JSON.
/** Ids by their names. */
export function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (value === null || value === undefined) return 'none';
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return words.startsWith('/subscriptions/') ? words.slice(words.lastIndexOf('/') + 1) : words;
}
