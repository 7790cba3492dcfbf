// `az acr repository untag`: takes a name away and leaves the image.
import { command } from '../../command.ts';
import { failure } from '../../errors.ts';
import { text } from '../../parse/option.ts';
import { userOf } from '../registry/login.ts';
import { metadataPath, parseImage, repositoryCommandOptions } from './options.ts';

export default command({
  options: {
    ...repositoryCommandOptions,
    image: text('--image -t', "The image to untag: 'repository:tag'.", { required: true }),
  },
  examples: [
    { purpose: 'Remove a tag.', line: 'acrc repository untag -n myregistry --image hello-world:old' },
    {
      purpose: 'Remove a tag, signed in as a token.',
      line: 'acrc repository untag -n myregistry --image hello-world:old -u writer -p <password>',
    },
  ],
  async run({ image, username, password, ...options }, context) {
    const { repository, tag } = parseImage(image);
    if (tag === undefined) throw failure(`'${image}' names a digest; only a tag can be removed.`);
    const client = await context.dataPlane(await context.registry(options), userOf(username, password));
    const path = metadataPath(repository, `/_tags/${tag}`);
    await client.expect({ method: 'DELETE', path, scope: `repository:${repository}:delete` });
  },
});
