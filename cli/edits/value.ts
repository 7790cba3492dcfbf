// What a word of an edit means: JSON, or Python's notation of the same as az takes it too, or else the word itself.

/** Python's words for what JSON calls `true`, `false` and `null`. */
const pythonWords: ReadonlyMap<string, unknown> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);

export function parseValue(word: string): unknown {
  if (pythonWords.has(word)) return pythonWords.get(word);
  try {
    return JSON.parse(word) as unknown;
  } catch {
    return fromPython(word);
  }
}

/** `{'name': 'Premium'}`: what shells leave of JSON most easily. */
function fromPython(word: string): unknown {
  if (!/^[[{'].*[\]}']$/s.test(word) || word.includes('"')) return word;
  try {
    return JSON.parse(
      word.replace(/'([^']*)'|\b(True|False|None)\b/g, (_all, text?: string, name?: string) =>
        JSON.stringify(name === undefined ? text : pythonWords.get(name)),
      ),
    ) as unknown;
  } catch {
    return word;
  }
}
