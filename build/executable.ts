// dist/acrc.js: the same executable as the checkout's, which loads the bundle where that one loads the sources.
const source = "import('../cli/main.ts')";
/** Not by import(), whose loader would take two milliseconds to begin. */
const built = "Promise.resolve(require('./main.js'))";

/** @throws Error when the executable does not load the sources as expected */
export function executable(text: string): string {
  if (text.split(source).length !== 2) throw new Error(`bin/acrc.ts must contain ${source} once`);
  return text.replace(source, built);
}
