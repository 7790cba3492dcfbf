// `az acr import`: the control plane copies from another registry; `oci:` images of this machine,
// which it cannot see, are pushed by acrc itself with the same rules.
import { command } from '../../command.ts';
import { failure } from '../../errors.ts';
import type { Progress } from '../../output/progress.ts';
import { at } from '../../output/view.ts';
import { registryByName } from '../../options/registry.ts';
import { flag, list, text } from '../../parse/option.ts';
import { importFromLayout, parseLayoutSource } from './import-layout.ts';
import { defaultTarget, resolveSource } from './import-source.ts';

export default command({
  options: {
    ...registryByName,
    source: text(
      '--source',
      "What to copy: 'registry/repository:tag', 'repository:tag' of --registry, or 'oci:<folder or tar>[:name]'.",
      {
        required: true,
      },
    ),
    sourceRegistry: text('--registry -r', 'The source registry: name, login server or resource id.'),
    image: list('--image -t', "Target 'repository:tag'; may be repeated. Default: that of the source."),
    repository: list('--repository', 'Target repositories for a copy without a tag; may be repeated.'),
    username: text('--username -u', 'User name at the source registry.'),
    password: text('--password -p', 'Password at the source registry.'),
    force: flag('--force', 'Overwrite target tags that exist.'),
    noWait: flag('--no-wait', 'Do not wait until the copy is done.'),
  },
  examples: [
    {
      purpose: 'Copy an image from another registry.',
      line: 'acrc import -n myregistry --source registry.example.com/hello-world:latest',
    },
    {
      purpose: 'Push an OCI layout of this machine.',
      line: 'acrc import -n myregistry --source oci:./hello-world --image hello-world:latest',
    },
  ],
  async run({ registry, group, ...options }, context) {
    if (options.username !== undefined && options.password === undefined) {
      throw failure('Authentication failed. Please provide password.');
    }
    const target = await context.registry({ registry, group });
    const layout = await parseLayoutSource(options.source);
    if (layout) return importFromLayout(context, target, layout, options);
    const source = await resolveSource(context, options);
    const untaggedTargetRepositories = options.repository;
    const targetTags =
      options.image ?? (untaggedTargetRepositories ? [] : [defaultTarget(source.sourceImage)]);
    const body = {
      source,
      targetTags,
      ...(untaggedTargetRepositories && { untaggedTargetRepositories }),
      mode: options.force ? 'Force' : 'NoForce',
    };
    const arm = await context.arm();
    await context.counting(`Importing '${source.sourceImage}'`, (progress) =>
      arm.post(`${target.path}/importImage`, body, {
        wait: !options.noWait,
        told: (operation) => tellOf(operation, progress),
      }),
    );
    if (options.noWait)
      context.warn('Import has started. Due to no-wait option, failures will not be reflected.');
    return undefined;
  },
});

/** Our control plane counts the bytes; Azure's does not say (docs/fidelity.md). */
function tellOf(operation: unknown, progress: Progress): void {
  const [done, total] = [at(operation, 'properties.bytesDone'), at(operation, 'properties.bytesTotal')];
  if (typeof done === 'number' && typeof total === 'number') progress.reach(done, total);
}
