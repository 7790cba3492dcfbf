// `az ad sp delete`. The application goes with it: acrc has no commands for applications, and nobody would find it again.
import { command } from '../../../command.ts';
import { type DirectoryObject, findPrincipal, quoted } from '../../../client/graph.ts';
import { principalOptions } from './options.ts';

export default command({
  options: principalOptions,
  examples: [
    {
      purpose: 'Delete a service principal; it is signed out everywhere at once.',
      line: 'acrc ad sp delete --id 00000000-1111-4222-8333-444444444444',
    },
    {
      purpose: 'Delete it and say nothing but errors.',
      line: 'acrc ad sp delete --id 00000000-1111-4222-8333-444444444444 --only-show-errors',
    },
  ],
  async run({ id }, context) {
    const graph = await context.graph();
    const { appId } = await findPrincipal(graph, id);
    for (const application of await graph.list<DirectoryObject>('/applications', `appId eq ${quoted(appId)}`))
      await graph.delete(`/applications/${application.id}`);
  },
});
