// The package that is published, as a folder: see main.ts.
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { executable } from './executable.ts';
import { packageJson } from './package-json.ts';
import { thirdParty } from './third-party.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where it is made when nobody says where: what git ignores. */
export const defaultTarget = join(root, 'dist');

/** All that lies in it. */
const entries: ReadonlySet<string> = new Set([
  'acrc.js',
  'main.js',
  'main.js.map',
  'chunks',
  'package.json',
  'README.md',
  'THIRD-PARTY.md',
]);

/**
 * Replaces the folder `target`.
 * @returns the folders of the packages that went into it, relative to the checkout
 * @throws Error when something else is there
 */
export async function buildPackage(target: string): Promise<string[]> {
  const text = (file: string): Promise<string> => readFile(join(root, file), 'utf8');
  await requireReplaceable(target);
  await rm(target, { recursive: true, force: true });
  const packages = await bundle(root, target);
  await writeFile(join(target, 'acrc.js'), executable(await text('bin/acrc.ts')), { mode: 0o755 });
  await writeFile(join(target, 'package.json'), packageJson(await text('package.json')));
  await writeFile(join(target, 'THIRD-PARTY.md'), await thirdParty(root, packages));
  await copyFile(join(root, 'README.md'), join(target, 'README.md'));
  return packages;
}

/** Whoever mistypes the folder loses nothing. */
async function requireReplaceable(target: string): Promise<void> {
  const found = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new Error(`${target} is no folder that could be replaced. Name another.`, { cause: error });
  });
  const others = found.filter((name) => !entries.has(name));
  if (others.length === 0) return;
  throw new Error(
    `${target} holds what no build made: ${others.slice(0, 5).join(', ')}. Name another, or empty it.`,
  );
}
