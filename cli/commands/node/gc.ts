// `acrc node gc`: garbage collection now, while the node goes on serving.
import { askServer } from '../../client/control-socket.ts';
import { command } from '../../command.ts';
import { dryRun, gcDescription } from '../../options/gc.ts';
import { text } from '../../parse/option.ts';
import { findNode } from '../../process/find.ts';
import { collectedView } from '../../views/collected.ts';

export default command({
  description: gcDescription,
  options: { name: text('--name -n', 'Name of the node. Default: the only one that runs.'), dryRun },
  examples: [
    { purpose: 'Show what would go, and how many bytes.', line: 'acrc node gc --dry-run -o table' },
    { purpose: 'Name what would go.', line: 'acrc node gc --dry-run --query would -o table' },
    { purpose: 'Free the space.', line: 'acrc node gc --name factory1' },
  ],
  view: collectedView,
  async run({ name, dryRun }, context) {
    const record = await findNode(context, name);
    return context.during('Collecting', askServer(record, 'POST', `/gc?dryRun=${dryRun}`));
  },
});
