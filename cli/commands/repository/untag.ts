// `az acr repository untag`: takes a name away and leaves the image.
import { command } from '../../command.ts';
import type { RegistryClient } from '../../client/registry.ts';
import { failure } from '../../errors.ts';
import { flag, text } from '../../parse/option.ts';
import { userOf } from '../registry/login.ts';
import { matchingImages, namesMany } from './matching.ts';
import { metadataPath, parseImage, repositoryCommandOptions } from './options.ts';

export default command({
  options: {
    ...repositoryCommandOptions,
    image: text(
      '--image -t',
      "The image to untag: 'repository:tag'. A pattern such as 'app:pr-*' stands for all that it matches.",
      { required: true },
    ),
    yes: flag('--yes -y', 'Do not prompt for confirmation, which is asked for a pattern only.'),
  },
  examples: [
    { purpose: 'Remove a tag.', line: 'acrc repository untag -n myregistry --image hello-world:old' },
    {
      purpose: 'Remove all tags that match a pattern; they are shown first.',
      line: "acrc repository untag -n myregistry --image 'hello-world:pr-*'",
    },
    {
      purpose: 'Remove a tag, signed in as a token.',
      line: 'acrc repository untag -n myregistry --image hello-world:old -u writer -p <password>',
    },
  ],
  async run({ image, yes, username, password, ...options }, context) {
    const { repository, tag } = parseImage(image);
    if (tag === undefined) throw failure(`'${image}' names a digest; only a tag can be removed.`);
    const client = await context.dataPlane(await context.registry(options), userOf(username, password));
    if (!namesMany({ repository, tag })) return untag(client, repository, tag);
    const images = await matchingImages(context, client, { repository, tag }, 'metadata_read');
    await context.confirm(`Are you sure you want to untag the ${images.length} images?`, yes);
    for (const each of images) await untag(client, each.repository, each.tag);
    return undefined;
  },
});

async function untag(client: RegistryClient, repository: string, tag: string): Promise<undefined> {
  const path = metadataPath(repository, `/_tags/${tag}`);
  await client.expect({ method: 'DELETE', path, scope: `repository:${repository}:delete` });
}
