// What of the registry is on a site: per repository and tag, or of one image with the answer as exit code.
import { readSite, readSyncPlan, type SyncPlan } from '../../client/on-site.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { ConnectedRegistry } from '../../client/resources.ts';
import { endOfWork } from '../../../registry-node/sync-window.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { Progress } from '../../output/progress.ts';
import { flag, integer, text } from '../../parse/option.ts';
import { verdict } from '../../verdict.ts';
import { siteStatusView } from '../../views/on-site.ts';
import { connectedRegistryOptions } from './options.ts';
import { warnOfNode } from './node-warnings.ts';
import {
  bytesLeftOf,
  isOnSite,
  neverComes,
  onlyAsked,
  type Question,
  refuseNothing,
  targetOf,
} from './site-question.ts';

const lookEveryMs = 1000;
/** The oldest that tells of the last full sync. */
const syncResultVersion = 'api-version=2026-01-01-preview';
const daySeconds = 86_400;

export default command({
  description:
    'OnSite: the image is there with all its platforms, configs and layers. Missing: it is not, or is on its way. Different: the ' +
    'tag is another image there. Locked: it may not be read in the cloud, and so is not copied. Filtered: its filter does not want ' +
    'it. Unknown: a full sync has to tell first. It is computed from how far the node said it is, so it is known while the link is ' +
    'cut, too; the end is estimated from the speed of its last copy and its windows. What is wrong at the node is a warning with ' +
    'what to do. The exit code is 0 when all that was asked for is on site, and 1 otherwise.',
  options: {
    ...connectedRegistryOptions,
    image: text('--image -t', "Only this image: 'repository:tag' or 'repository@digest'."),
    repository: text('--repository', 'Only this repository.', { resource: 'repository' }),
    wait: flag('--wait', 'Wait until it is on site. An image that is Filtered or Locked is not waited for.'),
    timeout: integer(
      '--timeout',
      'How many seconds to wait at most.',
      { min: 1, max: daySeconds },
      { fallback: 300 },
    ),
  },
  examples: [
    {
      purpose: 'See what is on site, and what is not.',
      line: 'acrc connected-registry status -r myregistry -n factory1 -o table',
    },
    {
      purpose: 'Wait at most ten minutes until an image is on site, before a machine is told to run it.',
      line: 'acrc connected-registry status -r myregistry -n factory1 --image app:v2 --wait --timeout 600',
    },
  ],
  view: siteStatusView,
  async run({ name, image, repository, wait, timeout, ...options }, context) {
    const question = { name, ...targetOf(image, repository) };
    const registry = await context.registry(options);
    const until = context.clock.now().getTime() + (wait ? timeout * 1000 : 0);
    const answer = await context.counting(`Waiting for '${name}'`, (progress) =>
      lookUntil(context, registry, question, { untilMs: until, progress }),
    );
    if (answer.repositories.length === 0)
      context.warn(
        `'${name}' synchronises no repository that the registry has, so that nothing is missing there.`,
      );
    verdict(context, answer.onSite);
    return answer;
  },
});

interface Patience {
  untilMs: number;
  progress: Progress;
}

async function lookUntil(
  context: Context,
  registry: RegistryId,
  question: Question,
  { untilMs, progress }: Patience,
) {
  let mostBytes = 0;
  for (;;) {
    const { connected, plan, ...answer } = await look(context, registry, question);
    const { onSite, bytesLeft } = answer;
    const isLate = context.clock.now().getTime() >= untilMs;
    if (onSite || isLate || neverComes(answer.repositories, question)) {
      warnOfNode(context, registry, connected);
      return { ...answer, ...timeLeft(context, connected, plan, bytesLeft) };
    }
    // What is pushed meanwhile comes on top.
    mostBytes = Math.max(mostBytes, bytesLeft);
    progress.reach(mostBytes - bytesLeft, mostBytes);
    await context.clock.sleep(lookEveryMs);
  }
}

async function look(context: Context, registry: RegistryId, question: Question) {
  const arm = await context.arm();
  const { name, repository, digest } = question;
  const [connected, found] = await Promise.all([
    arm.get<ConnectedRegistry>(`${registry.child('connectedRegistries', name)}?${syncResultVersion}`),
    readSite(arm, registry, name, { repository, digest }),
  ]);
  const repositories = found.map((each) => onlyAsked(each, question));
  if (repository !== undefined) refuseNothing(registry, found, repositories, question);
  const { properties } = connected;
  const onSite = repositories.every((each) => isOnSite(each, question));
  const plan = onSite ? undefined : await readSyncPlan(arm, registry, connected.name);
  return {
    connected,
    plan,
    name: connected.name,
    connectionState: properties.connectionState,
    lastActivityTime: properties.lastActivityTime ?? null,
    lastSyncTime: properties.parent.syncProperties.lastSyncTime ?? null,
    registrySyncResult: properties.registrySyncResult ?? null,
    troubles: properties.statusDetails ?? [],
    onSite,
    // The plan knows what has come of the copy that runs: an image never needs more than all together.
    bytesLeft: plan === undefined ? 0 : Math.min(bytesLeftOf(repositories, question), plan.bytesLeft),
    repositories,
  };
}

/** At the speed of the node's last copy, in as many windows as that takes; null when nobody can say. */
function timeLeft(
  context: Context,
  { properties }: ConnectedRegistry,
  plan: SyncPlan | undefined,
  bytes: number,
): { secondsLeft: number | null; estimatedEnd: string | null } {
  if (bytes === 0) return { secondsLeft: 0, estimatedEnd: null };
  const bytesPerSecond = plan?.node?.bytesPerSecond ?? 0;
  if (bytesPerSecond === 0) return { secondsLeft: null, estimatedEnd: null };
  const secondsLeft = Math.ceil(bytes / bytesPerSecond);
  const { schedule, syncWindow } = properties.parent.syncProperties;
  if (schedule === undefined || properties.connectionState === 'Offline')
    return { secondsLeft, estimatedEnd: null };
  const end = endOfWork({ schedule, syncWindow }, context.clock.now(), secondsLeft * 1000);
  return { secondsLeft, estimatedEnd: end?.toISOString() ?? null };
}
