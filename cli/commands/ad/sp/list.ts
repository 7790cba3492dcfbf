// `az ad sp list`.
import { command } from '../../../command.ts';
import { type DirectoryObject, quoted } from '../../../client/graph.ts';
import { flag, text } from '../../../parse/option.ts';
import { principalView } from '../../../views/principal.ts';

const shownMax = 100;

export default command({
  options: {
    displayName: text('--display-name', 'Only those whose name begins with this.'),
    spn: text('--spn', 'Only the one of this client id (appId).'),
    filter: text('--filter', "OData filter, e.g. displayName eq 'ci'."),
    all: flag('--all', `List all, and not the first ${shownMax}.`),
  },
  examples: [
    { purpose: 'List the service principals as a table.', line: 'acrc ad sp list --all -o table' },
    {
      purpose: 'Find one by its name.',
      line: 'acrc ad sp list --display-name puller --query [].appId -o tsv',
    },
  ],
  view: principalView,
  async run({ displayName, spn, filter, all }, context) {
    const conditions = [
      ...(filter === undefined ? [] : [filter]),
      ...(spn === undefined ? [] : [`servicePrincipalNames/any(c:c eq ${quoted(spn)})`]),
      ...(displayName === undefined ? [] : [`startswith(displayName,${quoted(displayName)})`]),
    ];
    const graph = await context.graph();
    const found = await graph.list<DirectoryObject>(
      '/servicePrincipals',
      conditions.length > 0 ? conditions.join(' and ') : undefined,
    );
    if (all || conditions.length > 0 || found.length <= shownMax) return found;
    context.warn("The result is not complete. '--all' lists all of them, or provide a filter.");
    return found.slice(0, shownMax);
  },
});
