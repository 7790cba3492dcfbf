// The parent as its node asks it: signed in with the sync token of the connection string, which may be made anew while the node runs.
import { readFile } from 'node:fs/promises';
import type { Agent as HttpAgent } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { NodeConfig } from '../config.ts';
import { type ConnectionString, parseConnectionString } from '../connection-string.ts';
import { openRemoteRegistry, type RemoteRegistry } from '../remote/open.ts';
import type { Credentials } from '../remote/sign-in.ts';
import { version } from '../version.ts';

export interface ParentOptions {
  config: NodeConfig;
  /** Where the parent issues tokens. */
  tokenPath: string;
  clock: Clock;
  logger: Logger;
  /** Makes the connections to a parent without TLS; absent: over TCP. */
  http?: HttpAgent;
}

export async function openParent(options: ParentOptions): Promise<RemoteRegistry> {
  const { config, tokenPath, clock, logger, http } = options;
  const { connectionString, parentAuthorityFile } = config;
  return openRemoteRegistry({
    endpoint: connectionString.parentGatewayEndpoint,
    protocol: connectionString.parentEndpointProtocol,
    credentials: credentialsIn(connectionString),
    renewCredentials: () => renewedCredentials(config, logger),
    tokenPath,
    marksAnswers: true,
    certificateAuthority: parentAuthorityFile && (await readFile(parentAuthorityFile, 'utf8')),
    userAgent: `acrc-node/${version}`,
    clock,
    http,
  });
}

function credentialsIn({ syncTokenName, syncTokenPassword }: ConnectionString): Credentials {
  return { username: syncTokenName, password: syncTokenPassword };
}

/** From the file that the connection string came from. Whatever is wrong with it leaves the node with what it has. */
async function renewedCredentials(
  { connectionString, connectionStringFile: file }: NodeConfig,
  logger: Logger,
): Promise<Credentials | undefined> {
  if (file === undefined) return undefined;
  try {
    const newer = parseConnectionString(await readFile(file, 'utf8'));
    return newer.connectedRegistryName === connectionString.connectedRegistryName
      ? credentialsIn(newer)
      : undefined;
  } catch (error) {
    logger.warn({ file, err: error }, 'the connection string cannot be read again');
    return undefined;
  }
}
