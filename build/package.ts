// The package that is published, as a folder: see main.ts.
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { executable } from './executable.ts';
import { packageJson } from './package-json.ts';
import { thirdParty } from './third-party.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where it is made when nobody says where: what git ignores. */
export const defaultTarget = join(root, 'dist');

/**
 * Replaces the folder `target`.
 * @returns the folders of the packages that went into it, relative to the checkout
 */
export async function buildPackage(target: string): Promise<string[]> {
  const text = (file: string): Promise<string> => readFile(join(root, file), 'utf8');
  await rm(target, { recursive: true, force: true });
  const packages = await bundle(root, target);
  await writeFile(join(target, 'acrc.js'), executable(await text('bin/acrc.ts')), { mode: 0o755 });
  await writeFile(join(target, 'package.json'), packageJson(await text('package.json')));
  await writeFile(join(target, 'THIRD-PARTY.md'), await thirdParty(root, packages));
  await copyFile(join(root, 'README.md'), join(target, 'README.md'));
  return packages;
}
