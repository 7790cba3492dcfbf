// OAuth 2 client credentials (RFC 6749 section 4.4) at the control plane. A token is kept until it expires, in a file that
// only its owner reads, so that a command costs no extra request.
import { chmodSync, readFileSync, renameSync, rmSync } from 'node:fs';
import type { Clock } from '../../registry-node/clock.ts';
import { failure } from '../errors.ts';
import type { Home } from '../home.ts';
import { isObject, parseObject } from '../json-object.ts';
import { makePrivateFolder, writePrivateFile } from '../private-folder.ts';
import type { Credential } from './credential.ts';
import type { Http } from './http.ts';

export interface SignIn {
  /**
   * For the management API, unless another is named.
   * @param fresh the kept token was refused: get another
   */
  accessToken(fresh?: boolean, api?: Api): Promise<string>;
}

export type Api = 'management' | 'graph';

interface KeptToken {
  accessToken: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** What a token is asked for, by the names of the public cloud. */
const scopes: Readonly<Record<Api, string>> = {
  management: 'https://management.core.windows.net/.default',
  graph: 'https://graph.microsoft.com/.default',
};
/** A token this close to its end may end on the way. */
const marginMs = 60_000;
const keptTokensMax = 20;

export function createSignIn(credential: Credential, http: Http, home: Home, clock: Clock): SignIn {
  return {
    accessToken: async (fresh = false, api = 'management') => {
      const key = keyOf(credential, api);
      const now = clock.now().getTime();
      const kept = readTokens(home.tokenFile);
      const found = kept[key];
      if (!fresh && found && found.expiresAt - marginMs > now) return found.accessToken;
      const token = await requestToken(credential, http, now, scopes[api]);
      const alive = Object.entries(kept).filter(([, { expiresAt }]) => expiresAt > now);
      keepTokens(home, Object.fromEntries([...alive.slice(-keptTokensMax), [key, token]]));
      return token.accessToken;
    },
  };
}

async function requestToken(
  credential: Credential,
  http: Http,
  now: number,
  scope: string,
): Promise<KeptToken> {
  const { endpoint, tenantId, clientId, clientSecret } = credential;
  const response = await http.send<{
    access_token?: string;
    expires_in?: number;
    error_description?: string;
  }>({
    method: 'POST',
    url: `${endpoint}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
    data: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope,
    }),
  });
  const {
    access_token: accessToken,
    expires_in: seconds = 0,
    error_description: reason,
  } = response.data ?? {};
  if (response.status === 200 && typeof accessToken === 'string') {
    return { accessToken, expiresAt: now + seconds * 1000 };
  }
  throw failure(
    `${endpoint} refused to sign in '${clientId}' (${response.status}): ${reason?.replace(/\.$/, '') ?? 'it gave no reason'}.`,
    'Check ACRC_CLIENT_ID and ACRC_CLIENT_SECRET, or unset them to use the credential of this machine.',
  );
}

/** Another secret must not live on the old one's token. */
function keyOf({ endpoint, tenantId, clientId, clientSecret }: Credential, api: Api): string {
  return [endpoint, tenantId, clientId, api, checksum(clientSecret)].join(' ');
}

/**
 * FNV-1a. Its 32 bits tell one secret from another, and are too few to tell anybody whether a guess is right. A hash that
 * is made for secrets comes with node:crypto, which takes 3 ms to load.
 */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (const byte of Buffer.from(text)) sum = Math.imul(sum ^ byte, 0x01000193);
  return (sum >>> 0).toString(16);
}

/** Those that can be read: a missing or damaged cache costs one request, nothing more. */
function readTokens(file: string): Record<string, KeptToken> {
  const kept = Object.entries(parseObject(textIn(file)) ?? {});
  return Object.fromEntries(kept.filter((entry): entry is [string, KeptToken] => isKeptToken(entry[1])));
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isKeptToken(value: unknown): value is KeptToken {
  return isObject(value) && typeof value.accessToken === 'string' && typeof value.expiresAt === 'number';
}

/** Where nothing can be written, as in a container whose disk is read-only, the next command signs in anew. */
function keepTokens(home: Home, tokens: Record<string, KeptToken>): void {
  try {
    writeTokens(home, tokens);
  } catch {
    // The command that asked has its token.
  }
}

/** Written beside and renamed: two commands at once never leave half a file. */
function writeTokens(home: Home, tokens: Record<string, KeptToken>): void {
  makePrivateFolder(home.folder);
  const temporary = `${home.tokenFile}.${process.pid}`;
  try {
    writePrivateFile(temporary, JSON.stringify(tokens));
    chmodSync(temporary, 0o600);
    renameSync(temporary, home.tokenFile);
  } finally {
    rmSync(temporary, { force: true });
  }
}
