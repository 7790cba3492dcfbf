// `az acr manifest show-metadata`: the attributes of a tag or a manifest.
import { command } from '../../command.ts';
import { readAttributes } from '../repository/metadata.ts';
import { manifestOptions, openManifest } from './options.ts';

export default command({
  options: manifestOptions,
  examples: [
    {
      purpose: 'Show the attributes of a tag.',
      line: 'acrc manifest show-metadata -r myregistry -n hello-world:latest',
    },
    {
      purpose: 'Get the digest behind it.',
      line: 'acrc manifest show-metadata -r myregistry -n hello-world:latest --query digest -o tsv',
    },
  ],
  async run(options, context) {
    const { client, target } = await openManifest(context, options);
    return readAttributes(client, target);
  },
});
