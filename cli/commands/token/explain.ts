// Why a token may do something, or where it stops: what is looked at by hand otherwise, resource by resource.
import { ArmError, ifExists } from '../../client/arm-error.ts';
import { readHierarchy, readSync } from '../../client/hierarchy.ts';
import { readSite } from '../../client/on-site.ts';
import { RegistryError } from '../../client/registry-error.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { ScopeMap, Token } from '../../client/resources.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { choice, text } from '../../parse/option.ts';
import { at } from '../../output/view.ts';
import { verdict } from '../../verdict.ts';
import { explanationView } from '../../views/explanation.ts';
import { readAttributes } from '../repository/metadata.ts';
import { parseImage } from '../repository/options.ts';
import { explain, type Facts, type Request, requests, type Site } from './explain/steps.ts';
import { tokenOptions } from './options.ts';

interface Question {
  repository: string;
  tag: string;
}

export default command({
  description:
    'Walks from the token to the image and says where it stops, with the command that mends it. The exit code is 0 when nothing ' +
    'stands in the way, and 1 otherwise.',
  options: {
    ...tokenOptions,
    image: text('--image -t', "The image: 'repository:tag'.", { required: true }),
    action: choice('--action', 'What is tried.', Object.keys(requests) as Request[], { fallback: 'pull' }),
    connectedRegistry: text('--connected-registry', 'Where it is tried. Absent: at the cloud registry.'),
  },
  examples: [
    {
      purpose: 'Why can a machine on site not pull?',
      line: 'acrc token explain -r myregistry -n reader --image app:v2 --connected-registry factory1 -o table',
    },
    {
      purpose: 'May a token push to the cloud registry?',
      line: 'acrc token explain -r myregistry -n writer --image app:v2 --action push',
    },
  ],
  view: explanationView,
  async run({ name, image, action, connectedRegistry, ...options }, context) {
    const { repository, tag } = parseImage(image);
    if (tag === undefined) throw failure(`'${image}' names a digest: give 'repository:tag'.`);
    const registry = await context.registry(options);
    const asked = { repository, tag };
    const [holder, site] = await Promise.all([
      readToken(context, registry, name),
      connectedRegistry === undefined ? undefined : readWay(context, registry, connectedRegistry, asked),
    ]);
    const steps = explain({
      registry: registry.name,
      name,
      ...asked,
      request: action,
      now: context.clock.now(),
      ...holder,
      site,
      image: site ? undefined : await readImage(context, registry, asked),
    });
    const allowed = steps.every(({ ok }) => ok);
    verdict(context, allowed);
    return {
      token: name,
      image: `${repository}:${tag}`,
      action,
      at: connectedRegistry ?? null,
      allowed,
      steps,
    };
  },
});

async function readToken(
  context: Context,
  registry: RegistryId,
  name: string,
): Promise<Pick<Facts, 'token' | 'scopeMap'>> {
  const arm = await context.arm();
  const token = await ifExists(arm.get<Token>(registry.child('tokens', name)));
  const scopeMap = token && (await ifExists(arm.get<ScopeMap>(token.properties.scopeMapId)));
  return { token, scopeMap };
}

async function readWay(
  context: Context,
  registry: RegistryId,
  name: string,
  { repository, tag }: Question,
): Promise<Site> {
  const arm = await context.arm();
  const tree = await readHierarchy(arm, registry.child('connectedRegistries'));
  const one = tree.find(name);
  if (!one) {
    const message = `The registry has no connected registry '${name}'.`;
    throw new ArmError(404, 'ResourceNotFound', message);
  }
  const way = [...tree.ancestors(one).toReversed(), one];
  const levels = way.map(async (each) => {
    const { scopeMap } = await readSync(arm, each);
    return { name: each.name, actions: scopeMap.properties.actions };
  });
  const [found] = await readSite(arm, registry, one.name, { repository });
  const state = found?.tags.find((each) => each.name === tag)?.state;
  return { one, levels: await Promise.all(levels), state };
}

async function readImage(context: Context, registry: RegistryId, asked: Question): Promise<Facts['image']> {
  try {
    const attributes = await readAttributes(await context.dataPlane(registry), asked);
    return { changeableAttributes: at(attributes, 'changeableAttributes') };
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return undefined;
    throw error;
  }
}
