// `az acr manifest delete`: a manifest, with every tag on it and every manifest that refers to it.
import { command } from '../../command.ts';
import { yes } from '../../options/yes.ts';
import { digestOfTarget, manifestOptions, openManifest } from './options.ts';

export default command({
  options: { ...manifestOptions, yes },
  examples: [
    {
      purpose: 'Delete an image with its signatures.',
      line: 'acrc manifest delete -r myregistry -n hello-world:old --yes',
    },
    {
      purpose: 'Delete a manifest by its digest.',
      line: 'acrc manifest delete -r myregistry -n hello-world@sha256:0000000000000000000000000000000000000000000000000000000000000000 --yes',
    },
  ],
  async run({ yes, ...options }, context) {
    const opened = await openManifest(context, options);
    const { client, target } = opened;
    const digest = await digestOfTarget(opened);
    const question = `Are you sure you want to delete the artifact '${digest}' and all manifests that refer to it?`;
    await context.confirm(question, yes);
    const path = `/v2/${target.repository}/manifests/${digest}`;
    await client.expect({ method: 'DELETE', path, scope: `repository:${target.repository}:delete` });
  },
});
