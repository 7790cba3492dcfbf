// The way from this machine to a registry: its name, its address, its challenge and its tokens.
import { lookup } from 'node:dns/promises';
import { discover, type Service } from '../../../client/registry.ts';
import { RegistryError } from '../../../client/registry-error.ts';
import { exchange, requestBearer } from '../../../client/registry-sign-in.ts';
import type { Registry } from '../../../client/resources.ts';
import type { Context } from '../../../context.ts';
import { CliError } from '../../../errors.ts';
import type { ErrorTitle, Finding } from './finding.ts';

interface Named {
  registry: string;
  group: string | undefined;
}

export async function* checkConnection(
  context: Context,
  named: Named,
  repository: string | undefined,
): AsyncGenerator<Finding> {
  const id = await tried(
    context.registry(named).then(async ({ path }) => (await context.arm()).get<Registry>(path)),
  );
  if (id instanceof CliError) {
    yield error('LOGIN_SERVER_ERROR', id);
    return;
  }
  const { loginServer } = id.properties;
  const { hostname } = new URL(`https://${loginServer}`);
  const address = await lookup(hostname).catch(() => undefined);
  if (!address) {
    yield {
      title: 'CONNECTIVITY_DNS_ERROR',
      text: `Failed to reach DNS for registry '${loginServer}'. Please check the spelling, the control plane that is used, and your network.`,
    };
    return;
  }
  yield { passed: `DNS lookup to ${hostname} at IP ${address.address}` };
  yield* checkTokens(context, loginServer, repository);
}

async function* checkTokens(
  context: Context,
  loginServer: string,
  repository: string | undefined,
): AsyncGenerator<Finding> {
  const http = await context.http();
  const service = await tried<Service>(discover(http, loginServer));
  if (service instanceof CliError) {
    yield error(challengeTitle(service), service);
    return;
  }
  yield { passed: `Challenge endpoint https://${loginServer}/v2/` };
  const { tenantId } = await context.credential();
  const accessToken = await (await context.signIn()).accessToken();
  const refresh = await tried(exchange(http, service, { accessToken, tenant: tenantId }));
  if (refresh instanceof CliError) {
    const busy = refresh instanceof RegistryError && refresh.status === 429;
    const title = busy ? 'CONNECTIVITY_TOOMANYREQUESTS_ERROR' : 'CONNECTIVITY_REFRESH_TOKEN_ERROR';
    yield error(title, refresh);
    return;
  }
  yield { passed: `Fetch refresh token for registry '${loginServer}'` };
  const grant = { grant_type: 'refresh_token', refresh_token: refresh } as const;
  const scope = repository === undefined ? 'registry:catalog:*' : `repository:${repository}:pull`;
  const bearer = await tried(requestBearer(http, service, grant, scope));
  if (bearer instanceof CliError) {
    yield error('CONNECTIVITY_ACCESS_TOKEN_ERROR', bearer);
    return;
  }
  yield { passed: `Fetch access token for registry '${loginServer}'` };
}

/** A refusal is a finding here and not the end. */
async function tried<T>(work: Promise<T>): Promise<T | CliError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
}

function error(title: ErrorTitle, { message, hint }: CliError): Finding {
  return { title, text: message, ...(hint !== undefined && { remedy: hint }) };
}

function challengeTitle({ message }: CliError): ErrorTitle {
  if (/certificate/.test(message)) return 'CONNECTIVITY_SSL_ERROR';
  return /don't have access/.test(message) ? 'CONNECTIVITY_FORBIDDEN_ERROR' : 'CONNECTIVITY_CHALLENGE_ERROR';
}
