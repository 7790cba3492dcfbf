// What an installation of a connected registry needs, above all the connection string. The password is shown this once.
import { nameOf, type RegistryId } from '../../client/registry-id.ts';
import type { ConnectedRegistry, GeneratedCredentials } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { choice } from '../../parse/option.ts';

const placeholders = {
  loginServer:
    '<Optional: connected registry login server. More info at https://aka.ms/acr/connected-registry>',
  password: '<use --generate-password to generate a new password>',
  gateway: '<parent gateway endpoint>',
} as const;

export const parentProtocol = choice(
  '--parent-protocol',
  'How the connected registry reaches its parent. The cloud is always reached by https.',
  ['http', 'https'],
  { required: true },
);

interface Wanted {
  registry: string;
  group: string | undefined;
  name: string;
  parentProtocol: 'http' | 'https';
  /** Which password of the sync token is made anew; absent: none. */
  password: '1' | '2' | undefined;
  yes: boolean;
}

/** The variables of the container, as az prints them. */
export async function installationOf(
  context: Context,
  { name, parentProtocol, password: which, yes, ...options }: Wanted,
): Promise<Record<string, string>> {
  const registry = await context.registry(options);
  const id = registry.child('connectedRegistries', name);
  const one = await (await context.arm()).get<ConnectedRegistry>(id);
  const { id: parentId, syncProperties } = one.properties.parent;
  const tokenName = nameOf(syncProperties.tokenId);
  let password: string = placeholders.password;
  if (which !== undefined) {
    const passwordName = `password${which}`;
    const question = `Are you sure you want to generate a new sync token '${tokenName}' ${passwordName}?`;
    await context.confirm(question, yes);
    password = await newPassword(context, registry, syncProperties.tokenId, passwordName);
  }
  const gateway = syncProperties.gatewayEndpoint || placeholders.gateway;
  const protocol = protocolTo(parentId, parentProtocol, context);
  return {
    ACR_REGISTRY_CERTIFICATE_VOLUME: '/var/acr/certs',
    ACR_REGISTRY_CONNECTION_STRING:
      `ConnectedRegistryName=${name};SyncTokenName=${tokenName};SyncTokenPassword=${password};` +
      `ParentGatewayEndpoint=${gateway};ParentEndpointProtocol=${protocol}`,
    ACR_REGISTRY_DATA_VOLUME: '/var/acr/data',
    ACR_REGISTRY_LOGIN_SERVER: placeholders.loginServer,
    SYNC_TOKEN_PASSWORD: password,
    SYNC_TOKEN_USER: tokenName,
  };
}

async function newPassword(
  context: Context,
  { path }: RegistryId,
  tokenId: string,
  name: string,
): Promise<string> {
  const arm = await context.arm();
  const made = await arm.post<GeneratedCredentials>(`${path}/generateCredentials`, { tokenId, name });
  const value = made.passwords.find((password) => password.name === name)?.value;
  if (value === undefined) throw failure(`The control plane made no ${name}.`);
  context.warn('Please store your generated credentials safely.');
  return value;
}

function protocolTo(parentId: string | null | undefined, asked: 'http' | 'https', context: Context): string {
  if (parentId) return asked;
  if (asked === 'http')
    context.warn("Parent endpoint protocol must be 'https' when parent is a cloud registry.");
  return 'https';
}
