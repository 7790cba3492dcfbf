// `acrc control-plane import`: brings back what an export wrote, here or on another machine.
import { resolve } from 'node:path';
import { command } from '../../command.ts';
import { data, onDataFolder } from '../../options/data-folder.ts';
import { flag, text } from '../../parse/option.ts';
import { archiveView } from '../../views/archive.ts';

export default command({
  description:
    'Into an empty data folder only. Nothing is there when the file is damaged or of a newer version. Do not let the control ' +
    'plane that was exported go on beside this one: connected registries would hear two. The credential that signs in to it comes ' +
    'to ACRC_HOME; one of another control plane that is there is replaced only with --force.',
  options: {
    file: text('--file -f', "What 'acrc control-plane export' wrote.", { required: true }),
    data,
    force: flag('--force', 'Replace the credential of another control plane in ACRC_HOME.'),
  },
  examples: [
    {
      purpose: 'Move a control plane to this machine; then start it as it was started there.',
      line: 'acrc control-plane import --file acrc.tar',
    },
    {
      purpose: 'Bring it back into a folder of your choice.',
      line: 'acrc control-plane import --file acrc.tar --data /srv/acrc',
    },
  ],
  view: archiveView,
  async run(options, context) {
    const { controlPlaneFolder, credentialFile } = context.home;
    const dataFolder = resolve(options.data ?? controlPlaneFolder);
    const file = resolve(options.file);
    return context.during(
      'Importing',
      onDataFolder(({ importControlPlane }) =>
        importControlPlane({ file, dataFolder, credentialFile, replacesCredential: options.force }),
      ),
    );
  },
});
