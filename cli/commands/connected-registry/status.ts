// What of the registry is on a site: per repository and tag, or of one image with the answer as exit code.
import { readSite, readSyncPlan, type SiteRepository } from '../../client/on-site.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { ConnectedRegistry } from '../../client/resources.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { Progress } from '../../output/progress.ts';
import { failure } from '../../errors.ts';
import { flag, integer, text } from '../../parse/option.ts';
import { verdict } from '../../verdict.ts';
import { siteStatusView } from '../../views/on-site.ts';
import { parseImage } from '../repository/options.ts';
import { connectedRegistryOptions } from './options.ts';

const lookEveryMs = 1000;
const daySeconds = 86_400;

interface Question {
  name: string;
  repository: string | undefined;
  /** One image of it. */
  tag: string | undefined;
  digest: string | undefined;
}

export default command({
  description:
    'OnSite: the image is there with all its platforms, configs and layers. Missing: it is not. Different: the tag is another ' +
    'image there. Locked: it may not be read in the cloud, and so is not copied. Filtered: its filter does not want it. Unknown: a full sync has to tell first. ' +
    'The bytes left are those of the repository. It is computed from how far the node said it is, so it is known while the link is cut, too. What is wrong at the node is a warning beside it, with what to do. The exit code is 0 when all that ' +
    'was asked for is on site, and 1 otherwise.',
  options: {
    ...connectedRegistryOptions,
    image: text('--image -t', "Only this image: 'repository:tag' or 'repository@digest'."),
    repository: text('--repository', 'Only this repository.', { resource: 'repository' }),
    wait: flag('--wait', 'Wait until it is on site.'),
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
    for (const { code, description } of answer.troubles) context.warn(`${code}: ${description}`);
    verdict(context, answer.onSite);
    return answer;
  },
});

function targetOf(image: string | undefined, repository: string | undefined): Omit<Question, 'name'> {
  if (image === undefined) return { repository, tag: undefined, digest: undefined };
  if (repository !== undefined) throw failure('Usage error: --image and --repository exclude each other.');
  const { tag, digest, ...target } = parseImage(image);
  return { repository: target.repository, tag, digest };
}

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
    const answer = await look(context, registry, question);
    if (answer.onSite || context.clock.now().getTime() >= untilMs) {
      const { onSite, bytesLeft } = answer;
      const secondsLeft = onSite ? 0 : await secondsFor(context, registry, question.name, bytesLeft);
      return { ...answer, secondsLeft };
    }
    // What is pushed meanwhile comes on top.
    mostBytes = Math.max(mostBytes, answer.bytesLeft);
    progress.reach(mostBytes - answer.bytesLeft, mostBytes);
    await context.clock.sleep(lookEveryMs);
  }
}

async function look(context: Context, registry: RegistryId, question: Question) {
  const arm = await context.arm();
  const { name, repository, digest } = question;
  const [one, found] = await Promise.all([
    arm.get<ConnectedRegistry>(registry.child('connectedRegistries', name)),
    readSite(arm, registry, name, { repository, digest }),
  ]);
  const repositories = found.map((each) => onlyAsked(each, question));
  if (repository !== undefined) refuseNothing(registry, found, repositories, question);
  const onSite = repositories.every((each) => isOnSite(each, question));
  return {
    name: one.name,
    connectionState: one.properties.connectionState,
    lastActivityTime: one.properties.lastActivityTime ?? null,
    lastSyncTime: one.properties.parent.syncProperties.lastSyncTime ?? null,
    troubles: one.properties.statusDetails ?? [],
    onSite,
    bytesLeft: onSite ? 0 : repositories.reduce((total, each) => total + each.bytesLeft, 0),
    repositories,
  };
}

/** At the speed of the node's last copy; null when none was measured. */
async function secondsFor(
  context: Context,
  registry: RegistryId,
  name: string,
  bytes: number,
): Promise<number | null> {
  const { node } = await readSyncPlan(await context.arm(), registry, name);
  const bytesPerSecond = node?.bytesPerSecond ?? 0;
  return bytesPerSecond > 0 ? Math.ceil(bytes / bytesPerSecond) : null;
}

/** @throws CliError when there is nothing that could ever be on site */
function refuseNothing(
  registry: RegistryId,
  found: readonly SiteRepository[],
  asked: readonly SiteRepository[],
  { name, repository, tag, digest }: Question,
): void {
  if (found.length === 0) {
    throw failure(
      `'${name}' synchronises no repository '${repository}' that the registry has.`,
      `'acrc connected-registry permissions show -r ${registry.name} -n ${name}' shows what it may synchronise.`,
    );
  }
  if (tag !== undefined && asked.every(({ tags }) => tags.length === 0)) {
    throw failure(
      `The registry has no image '${repository}:${tag}'.`,
      `'acrc repository show-tags -n ${registry.name} --repository ${repository}' shows the tags there are.`,
    );
  }
  if (digest !== undefined && asked.every(({ manifest }) => manifest === undefined)) {
    throw failure(
      `The registry has no image '${repository}@${digest}'.`,
      `'acrc manifest list-metadata -r ${registry.name} -n ${repository}' shows the manifests there are.`,
    );
  }
}

function onlyAsked(repository: SiteRepository, { tag, digest }: Question): SiteRepository {
  if (tag !== undefined) return { ...repository, tags: repository.tags.filter(({ name }) => name === tag) };
  if (digest === undefined) return repository;
  return { ...repository, tags: repository.tags.filter((each) => each.digest === digest) };
}

/** Of one image only it counts; else all that is wanted, manifests without a tag too. */
function isOnSite({ tags, manifest, manifestsLeft }: SiteRepository, { tag, digest }: Question): boolean {
  if (digest !== undefined) return manifest?.state === 'OnSite';
  if (tag !== undefined) return tags.every(({ state }) => state === 'OnSite');
  return manifestsLeft === 0 && tags.every(({ state }) => state === 'OnSite' || state === 'Filtered');
}
