// `az acr manifest list-referrers`: what refers to a manifest, signatures for one.
import { command } from '../../command.ts';
import { readPages } from '../../client/registry-pages.ts';
import { flag, text } from '../../parse/option.ts';
import { referrersView } from '../../views/manifest.ts';
import { digestOfTarget, manifestOptions, openManifest } from './options.ts';

interface Referrer {
  digest: string;
}

export default command({
  options: {
    ...manifestOptions,
    artifactType: text('--artifact-type', 'Only manifests of this type.'),
    recursive: flag('--recursive', 'Also what refers to those that are found.'),
  },
  examples: [
    {
      purpose: 'List what refers to an image.',
      line: 'acrc manifest list-referrers -r myregistry -n hello-world:latest -o table',
    },
    {
      purpose: 'List its signatures, and what refers to them.',
      line: 'acrc manifest list-referrers -r myregistry -n hello-world:latest --artifact-type application/vnd.cncf.notary.signature --recursive',
    },
  ],
  view: referrersView,
  async run({ artifactType, recursive, ...options }, context) {
    const opened = await openManifest(context, options);
    const { repository } = opened.target;
    const read = (digest: string, type?: string): Promise<Referrer[]> => {
      const request = {
        path: `/v2/${repository}/referrers/${digest}`,
        query: type === undefined ? '' : `artifactType=${encodeURIComponent(type)}`,
        scope: `repository:${repository}:pull`,
        top: undefined,
      };
      return readPages<Referrer>(opened.client, request, 'manifests');
    };
    const found = new Map<string, Referrer>();
    const add = (all: readonly Referrer[]): void => all.forEach((one) => found.set(one.digest, one));
    add(await read(await digestOfTarget(opened), artifactType));
    // A map goes on with what is added while it is walked: the depth needs no counting, and nothing is asked twice.
    if (recursive) for (const { digest } of found.values()) add(await read(digest));
    return { manifests: [...found.values()] };
  },
});
