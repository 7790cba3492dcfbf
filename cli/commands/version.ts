// `acrc version`: what runs, for reports.
import { command } from '../command.ts';
import { version } from '../version.ts';

export default command({
  options: {},
  examples: [{ purpose: 'Show the version.', line: 'acrc version' }],
  run: () =>
    Promise.resolve({
      acrc: version,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    }),
});
