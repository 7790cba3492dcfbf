// The manifest of what is published: the checkout's, without what only a checkout needs.
interface Manifest {
  [name: string]: unknown;
}

const published = ['name', 'version', 'description', 'license', 'engines'] as const;

/** @param text the checkout's package.json */
export function packageJson(text: string): string {
  const manifest: Manifest = JSON.parse(text);
  const kept = Object.fromEntries(published.map((name) => [name, manifest[name]]));
  return `${JSON.stringify({ ...kept, type: 'commonjs', bin: { acrc: 'acrc.js' } }, undefined, 2)}\n`;
}
