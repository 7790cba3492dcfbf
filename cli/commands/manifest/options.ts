// What the commands on manifests share. An image is named as a whole, `<login server>/<repository>:<tag>`, or by
// --registry and --name.
import { findByServer } from '../../client/find-by-server.ts';
import type { RegistryClient } from '../../client/registry.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { group, registryUser, tenantSuffix } from '../../options/registry.ts';
import { operand, text } from '../../parse/option.ts';
import { userOf } from '../registry/login.ts';
import { digestOf } from '../repository/metadata.ts';
import { parseImage, type Target } from '../repository/options.ts';

const where = {
  registry: text('--registry -r', 'The name of the container registry.', {
    configured: 'acr',
    resource: 'registry',
  }),
  group,
  ...registryUser,
  tenantSuffix,
};

/** For one manifest. */
export const manifestOptions = {
  id: operand('MANIFEST_ID', "The image as a whole: 'myregistry.example.com/hello-world:latest'."),
  name: text('--name -n', "The image: 'repository:tag' or 'repository@digest'."),
  ...where,
};

/** For the manifests of a repository. */
export const repositoryOptions = {
  id: operand('REPO_ID', "The repository as a whole: 'myregistry.example.com/hello-world'."),
  name: text('--name -n', 'The name of the repository.', { resource: 'repository' }),
  ...where,
};

interface Named {
  id: string | undefined;
  name: string | undefined;
  registry: string | undefined;
  group: string | undefined;
  username: string | undefined;
  password: string | undefined;
}

export interface Opened {
  client: RegistryClient;
  target: Target;
}

/** @throws CliError worded as az words it */
export async function openManifest(context: Context, named: Named): Promise<Opened> {
  const { registry, name } = await whole(context, named, 'manifest');
  return { client: await open(context, named, registry), target: parseImage(name) };
}

/** @throws CliError worded as az words it */
export async function openRepository(context: Context, named: Named): Promise<Opened> {
  const { registry, name } = await whole(context, named, 'repository');
  if (/[:@]/.test(name))
    throw failure("The positional parameter 'repo_id' should not include a tag or digest.");
  return { client: await open(context, named, registry), target: { repository: name } };
}

/** The digest of an image that may be named by a tag. */
export async function digestOfTarget({ client, target }: Opened): Promise<string> {
  return target.digest ?? digestOf(client, target);
}

async function open(context: Context, named: Named, registry: string): Promise<RegistryClient> {
  const user = userOf(named.username, named.password);
  return context.dataPlane(await context.registry({ registry, group: named.group }), user);
}

/** How az calls the operand of each, and what it shows as an example. */
const words = {
  manifest: { positional: 'manifest_id', image: 'hello-world:latest' },
  repository: { positional: 'repo_id', image: 'hello-world' },
} as const;

async function whole(
  context: Context,
  { id, name, registry }: Named,
  kind: keyof typeof words,
): Promise<{ registry: string; name: string }> {
  if (id === undefined && name !== undefined && registry !== undefined) return { registry, name };
  const { positional, image } = words[kind];
  const example = `'myregistry.azurecr.io/${image}'`;
  if (id === undefined || name !== undefined) {
    throw failure(
      `You must provide either a fully qualified ${kind} specifier such as ${example} as a positional parameter or ` +
        `provide '-r MyRegistry -n ${image}' argument values.`,
    );
  }
  const [server = '', ...path] = id.replace(/^https:\/\//, '').split('/');
  if (path.length === 0 || server === '') {
    throw failure(
      `The positional parameter '${positional}' must be a fully qualified ${kind} specifier such as ${example}.`,
    );
  }
  return { registry: await registryAt(context, server), name: path.join('/') };
}

/** A login server without the registry's name in it, `localhost:5100`, is looked up; otherwise it begins with the name. */
async function registryAt(context: Context, server: string): Promise<string> {
  const found = await findByServer(context, server);
  return found?.name ?? server.split(/[.:]/)[0]!;
}
