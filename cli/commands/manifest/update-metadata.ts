// `az acr manifest update-metadata`: locks a tag or a manifest, or lifts a lock.
import { command } from '../../command.ts';
import { changeAttributes, lockOptions, requireLock } from '../repository/metadata.ts';
import { manifestOptions, openManifest } from './options.ts';

export default command({
  options: { ...manifestOptions, ...lockOptions },
  examples: [
    {
      purpose: 'Lock a tag.',
      line: 'acrc manifest update-metadata -r myregistry -n hello-world:latest --write-enabled false',
    },
    {
      purpose: 'Lift the lock.',
      line: 'acrc manifest update-metadata -r myregistry -n hello-world:latest --write-enabled true',
    },
  ],
  async run({ deleteEnabled, listEnabled, readEnabled, writeEnabled, ...options }, context) {
    const locks = { deleteEnabled, listEnabled, readEnabled, writeEnabled };
    requireLock(locks);
    const { client, target } = await openManifest(context, options);
    return changeAttributes(client, target, locks);
  },
});
