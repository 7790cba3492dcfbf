// `az acr manifest show`.
import { command } from '../../command.ts';
import { flag } from '../../parse/option.ts';
import { readManifest } from './bytes.ts';
import { manifestOptions, openManifest } from './options.ts';

export default command({
  options: {
    ...manifestOptions,
    raw: flag('--raw', 'Print the bytes as they are, which the digest is of.'),
  },
  examples: [
    { purpose: 'Show a manifest.', line: 'acrc manifest show -r myregistry -n hello-world:latest' },
    {
      purpose: 'Verify that its digest is what it says.',
      line: 'acrc manifest show registry.example.com/hello-world:latest --raw',
    },
  ],
  async run({ raw, ...options }, context) {
    const { client, target } = await openManifest(context, options);
    const bytes = await readManifest(client, target.repository, target.digest ?? target.tag ?? '');
    if (!raw) return JSON.parse(bytes.toString()) as unknown;
    context.stdout.write(bytes);
    return undefined;
  },
});
