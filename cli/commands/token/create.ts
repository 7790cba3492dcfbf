// `az acr token create`: a token with a scope map of its own or an existing one, and two passwords
// that are shown this once.
import { command } from '../../command.ts';
import { actionsOf, sameActions } from '../../client/actions.ts';
import { ifExists } from '../../client/arm-error.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { GeneratedCredentials, Registry, ScopeMap, Token } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { choice, fresh, groups, text, threeState } from '../../parse/option.ts';
import { tokenView } from '../../views/token.ts';
import { gatewayHelp, repositoryHelp } from '../scope-map/options.ts';
import { expirationOptions, expiryOf, tokenOptions } from './options.ts';

export default command({
  options: {
    ...tokenOptions,
    name: fresh(tokenOptions.name),
    scopeMap: text(
      '--scope-map',
      'The name of an existing scope map. Not together with --repository or --gateway.',
      { resource: 'scope-map' },
    ),
    repository: groups('--repository', repositoryHelp('give'), { resource: 'repository' }),
    gateway: groups('--gateway', gatewayHelp('give'), { resource: 'connected-registry' }),
    status: choice('--status', 'Whether the token works.', ['enabled', 'disabled'], { fallback: 'enabled' }),
    noPasswords: threeState('--no-passwords', 'Do not make passwords.'),
    ...expirationOptions,
  },
  examples: [
    {
      purpose: 'Create a token that may pull and push one repository.',
      line: 'acrc token create -n hello-world-rw -r myregistry --repository hello-world content/read content/write',
    },
    {
      purpose: 'Create a token with an existing scope map.',
      line: 'acrc token create -n reader -r myregistry --scope-map site-scope',
    },
  ],
  view: tokenView,
  async run({ name, status, scopeMap, noPasswords = false, ...options }, context) {
    const hasRules = options.repository !== undefined || options.gateway !== undefined;
    if ((scopeMap !== undefined) === hasRules) {
      throw failure(
        "usage error: can't use --scope-map and --repository | --gateway",
        'Give one of them: the name of an existing scope map, or what the token may do.',
      );
    }
    if (noPasswords && (options.expiration ?? options.expirationInDays) !== undefined) {
      throw failure('usage error: --no-passwords and expiration arguments are mutually exclusive.');
    }
    const expiry = expiryOf(options, context.clock);
    const actions = actionsOf(options);
    const registry = await context.registry(options);
    const scopeMapId =
      scopeMap === undefined
        ? await ownScopeMap(context, registry, name, actions)
        : registry.child('scopeMaps', scopeMap);
    const arm = await context.arm();
    const token = await arm.put<Token>(registry.child('tokens', name), {
      properties: { scopeMapId, status },
    });
    return noPasswords ? token : withPasswords(context, registry, token, expiry);
  },
});

/** `<token>-scope-map`: reused when it already says the same, refused when it says something else. */
async function ownScopeMap(
  context: Context,
  registry: RegistryId,
  token: string,
  actions: string[],
): Promise<string> {
  const arm = await context.arm();
  const id = registry.child('scopeMaps', `${token}-scope-map`);
  const existing = await ifExists(arm.get<ScopeMap>(id));
  if (existing && !sameActions(existing.properties.actions, actions)) {
    throw failure(
      'The default scope map was already configured with different repository permissions.\nPlease use ' +
        `"acrc scope-map update -r ${registry.name} -n ${token}-scope-map --add-repository <REPO> --remove-repository <REPO>" to update.`,
    );
  }
  return existing?.id ?? (await arm.put<ScopeMap>(id, { properties: { actions } })).id;
}

async function withPasswords(
  context: Context,
  registry: RegistryId,
  token: Token,
  expiry: string | undefined,
): Promise<Token> {
  const arm = await context.arm();
  const made = await arm.post<GeneratedCredentials>(`${registry.path}/generateCredentials`, {
    tokenId: token.id,
    ...(expiry !== undefined && { expiry }),
  });
  const { loginServer } = (await arm.get<Registry>(registry.path)).properties;
  context.warn(
    'Please store your generated credentials safely. Meanwhile you can use it through ' +
      `"docker login ${loginServer} -u ${made.username} -p ${made.passwords[0]?.value ?? ''}".`,
  );
  const credentials = { ...token.properties.credentials, username: made.username, passwords: made.passwords };
  return { ...token, properties: { ...token.properties, credentials } };
}
