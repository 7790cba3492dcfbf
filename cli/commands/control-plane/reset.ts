// `acrc control-plane reset`: back to nothing. It stops nobody: who still runs is still needed.
import { command } from '../../command.ts';
import { data, dataFolderOf, onDataFolder } from '../../options/data-folder.ts';
import { yes } from '../../options/yes.ts';
import { controlPlaneName, requireFree } from '../../process/run-record.ts';

export default command({
  description:
    'Deletes every registry with its images, every token, and the keys. Connected registries keep serving what they have.',
  options: { data, yes },
  examples: [
    { purpose: 'Delete everything, after asking.', line: 'acrc control-plane reset' },
    { purpose: 'Delete everything in a script.', line: 'acrc control-plane reset --yes' },
  ],
  async run(options, context) {
    const { home } = context;
    const dataFolder = await dataFolderOf(context, options.data);
    await onDataFolder(() => requireFree(home, 'control-plane', controlPlaneName));
    const question = `Are you sure you want to delete all that the control plane keeps in '${dataFolder}'?`;
    await context.confirm(question, options.yes);
    const { credentialFile, tokenFile } = home;
    await context.during(
      'Deleting',
      onDataFolder(({ resetControlPlane }) => resetControlPlane({ dataFolder, credentialFile, tokenFile })),
    );
  },
});
