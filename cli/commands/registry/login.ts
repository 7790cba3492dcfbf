// `az acr login`: signs docker in with a short-lived refresh token, or shows that token.
import { command } from '../../command.ts';
import { registryByName, registryUser } from '../../options/registry.ts';
import { type RegistryUser, discover } from '../../client/registry.ts';
import { exchange, nullUsername } from '../../client/registry-sign-in.ts';
import type { Registry } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { dockerLogin, requireDocker } from '../../docker.ts';
import { failure } from '../../errors.ts';
import { flag } from '../../parse/option.ts';

export default command({
  options: {
    ...registryByName,
    exposeToken: flag('--expose-token -t', 'Show a refresh token instead of signing docker in.'),
    ...registryUser,
  },
  examples: [
    { purpose: 'Sign docker in.', line: 'acrc login -n myregistry' },
    {
      purpose: 'Get a token for a client other than docker.',
      line: 'acrc login -n myregistry --expose-token --query accessToken -o tsv',
    },
  ],
  async run({ registry, group, exposeToken, username, password }, context) {
    if (exposeToken && (username ?? password) !== undefined) {
      throw failure('`--expose-token` cannot be combined with `--username` or `--password`.');
    }
    if (!exposeToken) await requireDocker(context.env);
    const user = userOf(username, password);
    const { path } = await context.registry({ registry, group });
    const { loginServer } = (await (await context.arm()).get<Registry>(path)).properties;
    const credentials = user ?? {
      username: nullUsername,
      password: await refreshToken(context, loginServer),
    };
    if (!exposeToken) return dockerLogin(context, loginServer, credentials);
    context.warn(
      'You can perform manual login using the provided access token below, for example: ' +
        `'docker login ${loginServer} -u ${nullUsername} -p accessToken'`,
    );
    const token = credentials.password;
    return { accessToken: token, loginServer, refreshToken: token, username: nullUsername };
  },
});

/** @throws CliError when one of the two is missing */
export function userOf(username: string | undefined, password: string | undefined): RegistryUser | undefined {
  if (username === undefined && password !== undefined) {
    throw failure('Please also specify username if password is specified.');
  }
  if (username !== undefined && password === undefined) {
    throw failure('Please specify both username and password in non-interactive mode.');
  }
  return username === undefined || password === undefined ? undefined : { username, password };
}

async function refreshToken(context: Context, loginServer: string): Promise<string> {
  const http = await context.http();
  const { tenantId } = await context.credential();
  const accessToken = await (await context.signIn()).accessToken();
  return exchange(http, await discover(http, loginServer), { accessToken, tenant: tenantId });
}
