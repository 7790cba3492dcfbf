// The gate's rules, in their order: who calls, whether that caller exists now, whether the registry takes changes at all,
// whether the directory allows it now, and whether the token that was sent was issued for it.
import type { FastifyRequest } from 'fastify';
import type { Directory, Principal } from '../directory/directory.ts';
import { OciError } from '../oci/errors.ts';
import { dockerActions, type RepositoryAction } from '../oci/scope.ts';
import { catalogAccess, challenge, type ChallengeOptions } from './challenge.ts';
import { parseAuthorization } from './credentials.ts';
import type { Gate, Need } from './gate.ts';
import type { SignIns } from './sign-ins.ts';
import type { TokenAuthority, VerifiedToken } from './token.ts';

export interface GateOptions {
  directory: Directory;
  authority: TokenAuthority;
  signIns: SignIns;
  /** Where clients get tokens, e.g. `/oauth2/token`. */
  tokenPath: string;
}

interface Identity {
  principal: Principal;
  /** Undefined for Basic, and for nobody. */
  token: VerifiedToken | undefined;
  anonymous: boolean;
}

export function createGate(options: GateOptions): Gate {
  const { directory, tokenPath } = options;
  return {
    admit: async (request, need) => {
      const refuse = (more: Partial<ChallengeOptions> = {}): OciError =>
        challenge(request, { need, tokenPath, ...more });
      const { principal, token, anonymous } = await identify(options, request, refuse);
      if (need.kind === 'repository' && need.change && directory.mode === 'ReadOnly' && !anonymous) {
        throw new OciError('DENIED', 'This operation is not allowed on this registry.');
      }
      // A sign-in means a credential, be it a token issued to nobody: clients try their password only when asked for it.
      if (need.kind === 'sign-in' && anonymous && !token) throw refuse();
      if (!allows(principal, need)) {
        if (anonymous) throw refuse({ invalidToken: token !== undefined });
        throw new OciError('DENIED', 'Insufficient scopes to perform the operation');
      }
      if (token && !carries(token, need)) throw refuse({ invalidToken: true });
      return {
        principal,
        may: (repository, action) => principal.grants.repository(repository, action),
      };
    },
  };
}

type Refuse = (more?: Partial<ChallengeOptions>) => OciError;

async function identify(options: GateOptions, request: FastifyRequest, refuse: Refuse): Promise<Identity> {
  const { directory, authority } = options;
  const credentials = parseAuthorization(request.headers.authorization);
  switch (credentials.scheme) {
    case 'none': {
      const principal = await directory.anonymous();
      if (!principal) throw refuse();
      return { principal, token: undefined, anonymous: true };
    }
    case 'basic': {
      const { username, password } = credentials;
      return {
        principal: await orBasicChallenge(options.signIns.password(request, username, password)),
        token: undefined,
        anonymous: false,
      };
    }
    case 'bearer': {
      const token = authority.verify(credentials.token);
      if (token?.kind !== 'access_token') throw refuse({ invalidToken: true });
      const { subject } = token;
      const principal = subject
        ? await directory.principal(subject.name, subject.credential)
        : await directory.anonymous();
      if (!principal) throw refuse({ invalidToken: true });
      return { principal, token, anonymous: subject === undefined };
    }
    case 'unknown':
  }
  throw refuse();
}

/** A wrong password is answered with what it failed at: Basic, and not an invitation to get a token with it. */
async function orBasicChallenge(signingIn: Promise<Principal>): Promise<Principal> {
  try {
    return await signingIn;
  } catch (error) {
    if (!(error instanceof OciError) || error.code !== 'UNAUTHORIZED') throw error;
    throw new OciError('UNAUTHORIZED', error.message, error.detail, {
      cause: error,
      headers: basicChallenge,
    });
  }
}

export const basicChallenge = { 'www-authenticate': 'Basic realm="Azure Container Registry"' };

/** Does the directory allow it, now? */
function allows({ grants }: Principal, need: Need): boolean {
  switch (need.kind) {
    case 'repository':
      return meets(need, (action) => grants.repository(need.repository, action));
    case 'gateway':
      return need.actions.every((action) => grants.gateway(need.connectedRegistry, action));
    case 'catalog':
    case 'sign-in':
  }
  // Whoever is known may sign in; a catalog shows what its caller may see, which may be nothing.
  return true;
}

/** Was the token issued for it? Gateway calls carry no scope of their own. */
function carries({ access }: VerifiedToken, need: Need): boolean {
  const has = (type: string, name: string, action: string): boolean =>
    access.some((each) => each.type === type && each.name === name && each.actions.includes(action));
  switch (need.kind) {
    case 'repository':
      return meets(need, (action) => has('repository', need.repository, dockerActionOf[action]));
    case 'catalog':
      return has(catalogAccess.type, catalogAccess.name, '*');
    case 'gateway':
    case 'sign-in':
  }
  return true;
}

function meets(
  need: Extract<Need, { kind: 'repository' }>,
  has: (action: RepositoryAction) => boolean,
): boolean {
  return need.any ? need.actions.some(has) : need.actions.every(has);
}

/** Scope-map action -> the token-protocol action that it grants. */
const dockerActionOf = Object.fromEntries(
  Object.entries(dockerActions).map(([docker, action]) => [action, docker]),
) as Record<RepositoryAction, string>;
