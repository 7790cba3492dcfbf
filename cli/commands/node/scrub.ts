// `acrc node scrub`: verifies what a node stores now, while it goes on serving.
import { command } from '../../command.ts';
import { noWait, scrub, scrubDescription } from '../../options/scrub.ts';
import { text } from '../../parse/option.ts';
import { findNode } from '../../process/find.ts';
import { scrubView } from '../../views/scrub.ts';

export default command({
  description: scrubDescription,
  options: { name: text('--name -n', 'Name of the node. Default: the only one that runs.'), noWait },
  examples: [
    { purpose: 'Verify all that the node stores.', line: 'acrc node scrub --name factory1 -o table' },
    { purpose: 'Count what is damaged.', line: 'acrc node scrub --query damaged' },
  ],
  view: scrubView,
  async run({ name, noWait }, context) {
    return scrub(context, await findNode(context, name), '/scrub', noWait);
  },
});
