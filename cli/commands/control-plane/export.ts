// `acrc control-plane export`: everything that the control plane keeps, as one file, while it goes on serving.
import { resolve } from 'node:path';
import { command } from '../../command.ts';
import { data, dataFolderOf, onDataFolder } from '../../options/data-folder.ts';
import { text } from '../../parse/option.ts';
import { archiveView } from '../../views/archive.ts';

export default command({
  description:
    'Resources, passwords (as verifiers), keys, certificates, service principals, roles, operations, and the content of all ' +
    'registries. Whoever reads the file can act as this control plane: keep it as you keep its data folder.',
  options: {
    file: text('--file -f', 'File to write. It must not exist.', { required: true }),
    data,
  },
  examples: [
    {
      purpose: 'Keep the state of this control plane, running or not.',
      line: 'acrc control-plane export --file acrc.tar',
    },
    {
      purpose: 'Keep the state that lies in another folder.',
      line: 'acrc control-plane export --file acrc.tar --data /srv/acrc',
    },
  ],
  view: archiveView,
  async run(options, context) {
    const dataFolder = await dataFolderOf(context, options.data);
    const { credentialFile } = context.home;
    const file = resolve(options.file);
    const exported = await context.during(
      'Exporting',
      onDataFolder(({ exportControlPlane }) =>
        exportControlPlane({ dataFolder, credentialFile, file, clock: context.clock }),
      ),
    );
    if (exported.blobsMissing > 0) {
      context.warn(
        `The disk has lost ${exported.blobsMissing} blobs, which are not in the file. 'acrc control-plane scrub' names them.`,
      );
    }
    return exported;
  },
});
