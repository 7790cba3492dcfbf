// `npm run build [-- FOLDER]`: makes dist/ (or FOLDER), a whole package of its own and what is published. It needs nothing
// installed: the packages that the product uses are in it, with their licences in THIRD-PARTY.md.
//
// A checkout always runs its sources (bin/acrc.ts) and never what was built; dist/ runs only what is in dist/.
import { resolve } from 'node:path';
import { buildPackage, defaultTarget } from './package.ts';

const given = process.argv[2];
const target = given === undefined ? defaultTarget : resolve(given);
const packages = await buildPackage(target);
process.stdout.write(
  `${target} is built, with ${packages.length} packages in it. To pack it: npm pack ${target}\n`,
);
