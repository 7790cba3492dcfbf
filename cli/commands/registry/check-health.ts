// `az acr check-health`: docker, and the way to a registry step by step. All that it finds is said on stderr, as az does it.
import { command } from '../../command.ts';
import { registryName } from '../../client/registry-name.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { group } from '../../options/registry.ts';
import { yes } from '../../options/yes.ts';
import { flag, text } from '../../parse/option.ts';
import { version } from '../../../registry-node/version.ts';
import { checkConnection } from './health/connection.ts';
import { checkDocker } from './health/docker.ts';
import type { Finding } from './health/finding.ts';

export default command({
  options: {
    registry: text('--name -n', 'The name of the container registry. Absent: docker alone is checked.', {
      configured: 'acr',
    }),
    group,
    ignoreErrors: flag('--ignore-errors', 'Go on after an error, and end well all the same.'),
    image: text('--image', 'An image to pull, to see whether docker can. Default: none is pulled.'),
    repository: text('--repository', 'Also ask for a token to pull this repository.', {
      resource: 'repository',
    }),
    vnet: text('--vnet', 'Not offered: there are no virtual networks here.', { hidden: true }),
    yes,
  },
  examples: [
    { purpose: 'Check docker and a registry.', line: 'acrc check-health -n myregistry --yes' },
    {
      purpose: 'See all that is wrong, not only the first.',
      line: 'acrc check-health -n myregistry --yes --ignore-errors',
    },
  ],
  async run({ registry, group, ignoreErrors, image, repository, vnet, yes }, context) {
    if (vnet !== undefined) {
      throw failure('Private endpoints cannot be checked: the control plane has no virtual networks.');
    }
    if (image !== undefined) await context.confirm(`This will pull the image ${image}. Proceed?`, yes);
    const report = (finding: Finding): void => say(context, finding, ignoreErrors);
    for await (const finding of checkDocker(context.env, image)) report(finding);
    context.warn(`acrc version: ${version}`);
    if (registry === undefined) context.warn('Registry name must be provided to check connectivity.');
    else {
      const name = registryName(registry, context.warn);
      for await (const finding of checkConnection(context, { registry: name, group }, repository))
        report(finding);
    }
  },
});

/** @throws CliError for an error, unless errors are to be ignored */
function say(context: Context, finding: Finding, ignoreErrors: boolean): void {
  if ('passed' in finding) return context.warn(`${finding.passed} : OK`);
  if ('told' in finding) return context.warn(finding.told);
  const text = `An error occurred: ${finding.title}\n${finding.text}`;
  if (!ignoreErrors) throw failure(text, finding.remedy);
  context.stderr.write(`ERROR: ${text}\n`);
}
