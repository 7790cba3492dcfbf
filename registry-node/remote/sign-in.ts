// Exchanges a password for bearer tokens and keeps them until shortly before they expire. One token per scope: a
// registry's tokens say what they are for, and asking for all at once would make one token too large for a header.
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { type Challenge, mayCarryPassword } from './challenge.ts';
import { isRemoteError, RemoteError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Purpose } from './purpose.ts';

export interface Credentials {
  username: string;
  password: string;
}

export interface SignInOptions {
  /** `https://host:port` of the registry. */
  origin: URL;
  credentials: Credentials | undefined;
  /** Asked when the registry refuses them: those that have replaced them, if there are any. */
  renewCredentials?: (() => Promise<Credentials | undefined>) | undefined;
  /**
   * Where tokens are issued, when that is known: a connected registry's parent serves `/acr/oauth2/token` itself, so
   * whatever a proxy in between makes of the challenge's realm, the password goes to the registry's own address.
   */
  tokenPath: string | undefined;
  exchange: Exchange;
  clock: Clock;
}

export interface SignIn {
  /** The Authorization header for the purpose, when it is known that one will be asked for. */
  header(purpose: Purpose): Promise<string | undefined>;
  /** Called with the challenge of a 401. @returns the header to try again with; undefined when there is none */
  answer(purpose: Purpose, challenge: Challenge | undefined): Promise<string | undefined>;
}

const tokensMax = 1000;
const expiryMarginMs = 60_000;
/** Of a token whose answer does not say (distribution's token specification, `expires_in`). */
const lifetimeDefaultSeconds = 60;
const answerSchema = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().positive().optional(),
});

interface Realm {
  url: URL;
  service: string | undefined;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { clock, origin, tokenPath } = options;
  let { credentials } = options;
  const tokens = createTokenCache(clock);
  const scopes = new Map<string, string>();
  const realmOf = (url: string, service: string | undefined): Realm =>
    tokenPath ? { url: new URL(tokenPath, origin), service } : { url: realmUrl(options, url), service };
  let realm: Realm | undefined = tokenPath ? realmOf('', origin.host) : undefined;
  let basic = false;
  const renewed = async (refused: Credentials | undefined): Promise<boolean> => {
    if (credentials !== refused) return true;
    const newer = await options.renewCredentials?.();
    if (!newer || basicHeader(newer) === (refused && basicHeader(refused))) return false;
    credentials = newer;
    return true;
  };
  const request = async (at: Realm, scope: string): Promise<Token> => {
    const used = credentials;
    try {
      return await requestToken({ ...options, credentials: used }, at, scope);
    } catch (error) {
      if (!isRemoteError(error, 'unauthorized') || !(await renewed(used))) throw error;
      return requestToken({ ...options, credentials }, at, scope);
    }
  };

  return {
    async header({ key, scope }) {
      if (basic && credentials) return basicHeader(credentials);
      const kept = tokens.get(key);
      if (kept) return kept;
      const wanted = scopes.get(key) ?? scope;
      // Asking in advance saves the round trip of a challenge; without a known realm the challenge must come first.
      return realm && wanted !== undefined ? tokens.keep(key, request(realm, wanted)) : undefined;
    },
    async answer({ key, scope }, challenge) {
      if (!challenge) return undefined;
      if (challenge.scheme === 'basic') {
        if (basic || !credentials) return undefined;
        basic = true;
        return basicHeader(credentials);
      }
      realm = realmOf(challenge.realm, challenge.service);
      const wanted = challenge.scope ?? scope ?? '';
      if (scopes.size >= tokensMax) scopes.clear();
      scopes.set(key, wanted);
      return tokens.keep(key, request(realm, wanted));
    },
  };
}

interface Token {
  header: string;
  lifetimeMs: number;
}

/** Bounded; the oldest goes first. Requests that want the same token at the same time wait for one sign-in. */
function createTokenCache(clock: Clock) {
  const kept = new Map<string, { header: Promise<string>; freshUntil: number }>();
  return {
    get(key: string): Promise<string> | undefined {
      const entry = kept.get(key);
      return entry && entry.freshUntil > clock.now().getTime() ? entry.header : undefined;
    },
    keep(key: string, token: Promise<Token>): Promise<string> {
      const entry = { header: token.then(({ header }) => header), freshUntil: Infinity };
      kept.delete(key);
      if (kept.size >= tokensMax) kept.delete(kept.keys().next().value!);
      kept.set(key, entry);
      token.then(
        // A token that lives no longer than the margin is used for half of its life.
        ({ lifetimeMs }) =>
          (entry.freshUntil = clock.now().getTime() + Math.max(lifetimeMs - expiryMarginMs, lifetimeMs / 2)),
        () => kept.get(key) === entry && kept.delete(key),
      );
      return entry.header;
    },
  };
}

function realmUrl({ origin, credentials }: SignInOptions, text: string): URL {
  const url = URL.canParse(text, origin.href) ? new URL(text, origin) : undefined;
  if (!url)
    throw new RemoteError('malformed', `${origin.host} asks to sign in at '${text}', which is no address`);
  if (credentials && !mayCarryPassword(origin, url)) {
    throw new RemoteError(
      'unauthorized',
      `${origin.host} asks to sign in at ${url.origin}, and the password is not sent there: ` +
        `it is neither the registry's own host nor, over TLS, one of its domain`,
    );
  }
  return url;
}

/** distribution's token specification, "Requesting a Token": GET with Basic. */
async function requestToken(
  { credentials, exchange }: SignInOptions,
  realm: Realm,
  scope: string,
): Promise<Token> {
  const url = new URL(realm.url);
  if (realm.service !== undefined) url.searchParams.set('service', realm.service);
  for (const one of scope === '' ? [] : scope.split(' ')) url.searchParams.append('scope', one);
  const answer = await exchange.text({
    method: 'GET',
    url,
    headers: credentials ? { authorization: basicHeader(credentials) } : {},
  });
  const parsed = answerSchema.safeParse(jsonOf(answer.body));
  const token = parsed.data?.access_token ?? parsed.data?.token;
  if (!token) throw new RemoteError('malformed', `${realm.url.host} answered the sign-in without a token`);
  return {
    header: `Bearer ${token}`,
    lifetimeMs: (parsed.data?.expires_in ?? lifetimeDefaultSeconds) * 1000,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function basicHeader({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
