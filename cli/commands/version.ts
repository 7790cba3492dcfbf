// `acrc version`: what runs, for reports.
import { version } from '../../registry-node/version.ts';
import { command } from '../command.ts';

export default command({
  options: {},
  examples: [
    { purpose: 'Show the version.', line: 'acrc version' },
    { purpose: 'Get the version alone.', line: 'acrc version --query acrc -o tsv' },
  ],
  run: () =>
    Promise.resolve({
      acrc: version,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    }),
});
