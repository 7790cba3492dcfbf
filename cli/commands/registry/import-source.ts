// What `--source` and `--registry` of `az acr import` mean: the body that importImage takes.
import { findByServer } from '../../client/find-by-server.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';

export interface SourceOptions {
  source: string;
  sourceRegistry: string | undefined;
  username: string | undefined;
  password: string | undefined;
}

export interface ImportSource {
  resourceId?: string;
  registryUri?: string;
  sourceImage: string;
  credentials?: { username?: string; password: string };
}

/** @throws CliError worded as az words it */
export async function resolveSource(context: Context, options: SourceOptions): Promise<ImportSource> {
  return options.sourceRegistry === undefined
    ? fromAddress(context, options)
    : fromRegistry(context, options);
}

/** `repo@sha256:…` becomes `repo`; a tag stays. */
export function defaultTarget(sourceImage: string): string {
  return sourceImage.split('@')[0]!;
}

async function fromRegistry(
  context: Context,
  { source, sourceRegistry = '' }: SourceOptions,
): Promise<ImportSource> {
  if (sourceRegistry.startsWith('/')) return { resourceId: sourceRegistry, sourceImage: source };
  const found = await findByServer(context, sourceRegistry);
  if (!found) {
    throw failure(
      'The source container registry can not be found in the current subscription. Please provide a valid address and/or credentials.',
    );
  }
  const prefix = `${found.properties.loginServer}/`;
  if (!source.startsWith(prefix)) return { resourceId: found.id, sourceImage: source };
  context.warn(
    `The login server name of '${found.name}' in the "--source" argument will be ignored as "--registry" already supplies the same information.`,
  );
  return { resourceId: found.id, sourceImage: source.slice(prefix.length) };
}

async function fromAddress(
  context: Context,
  { source, username, password }: SourceOptions,
): Promise<ImportSource> {
  if (/^(\.{0,2}|~)\//.test(source)) {
    throw failure(
      `'${source}' is a path, and no address of an image in a registry.`,
      `An OCI layout folder or tar of this machine is named with oci: before it: --source oci:${source}`,
    );
  }
  const slash = source.indexOf('/');
  if (slash < 0) {
    throw failure(
      'Source cannot be found. Please provide a valid image and source registry or a fully qualified source.',
    );
  }
  const [registryUri, sourceImage] = [source.slice(0, slash), source.slice(slash + 1)];
  // A host with a port is one too, which az does not know.
  if (!/[.:]/.test(registryUri)) {
    throw failure(
      'Login server of the registry is not valid because it is not a fully qualified domain name.',
    );
  }
  if (password !== undefined) {
    const credentials = { ...(username !== undefined && { username }), password };
    return { registryUri, sourceImage, credentials };
  }
  const known = await findByServer(context, registryUri);
  return known ? { resourceId: known.id, sourceImage } : { registryUri, sourceImage };
}
