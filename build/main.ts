// `npm run build [-- FOLDER]`: makes dist/ (or FOLDER), a whole package of its own and what is published (`npm publish ./dist`). It needs nothing
// installed: the packages that the product uses are in it, with their licences in THIRD-PARTY.md.
//
// A checkout always runs its sources (bin/acrc.ts) and never what was built; dist/ runs only what is in dist/.
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { executable } from './executable.ts';
import { packageJson } from './package-json.ts';
import { thirdParty } from './third-party.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = resolve(process.argv[2] ?? join(root, 'dist'));

await rm(target, { recursive: true, force: true });
const packages = await bundle(root, target);
await writeFile(join(target, 'acrc.js'), executable(await readFile(join(root, 'bin/acrc.ts'), 'utf8')), {
  mode: 0o755,
});
await writeFile(
  join(target, 'package.json'),
  packageJson(await readFile(join(root, 'package.json'), 'utf8')),
);
await writeFile(join(target, 'THIRD-PARTY.md'), await thirdParty(root, packages));
await copyFile(join(root, 'README.md'), join(target, 'README.md'));
process.stdout.write(
  `${target} is built, with ${packages.length} packages in it. To pack it: npm pack ${target}\n`,
);
