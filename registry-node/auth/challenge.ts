// What a 401 asks for (distribution's token authentication, "How to authenticate"): where to get a token, for which service, and with which scope.
import type { FastifyRequest } from 'fastify';
import { OciError } from '../oci/errors.ts';
import { type Access, dockerActions, formatScope, type RepositoryAction } from '../oci/scope.ts';
import type { Need } from './gate.ts';

export const catalogAccess: Access = { type: 'registry', name: 'catalog', actions: ['*'] };

const visit = 'authentication required, visit https://aka.ms/acr/authorization for more information.';

export interface ChallengeOptions {
  need: Need;
  /** Where tokens are issued, e.g. `/oauth2/token`. */
  tokenPath: string;
  /** A bearer token came and does not do: the client drops it and asks for another. */
  invalidToken?: boolean;
  message?: string;
}

/** UNAUTHORIZED with its challenge. */
export function challenge(request: FastifyRequest, options: ChallengeOptions): OciError {
  const host = hostOf(request);
  const scope = accessFor(options.need);
  const parameters = [
    `realm="${request.protocol}://${host}${options.tokenPath}"`,
    `service="${host}"`,
    ...(scope ? [`scope="${formatScope(scope)}"`] : []),
    ...(options.invalidToken ? ['error="invalid_token"'] : []),
  ];
  const detail = scope && [{ Type: scope.type, Name: scope.name, Action: scope.actions.join(',') }];
  return new OciError('UNAUTHORIZED', options.message ?? visit, detail, {
    headers: { 'www-authenticate': `Bearer ${parameters.join(',')}` },
  });
}

/** The host as clients spell it, behind trusted proxies too. Nothing that could end the quotes of a header. */
export function hostOf(request: FastifyRequest): string {
  return /^[\w.:[\]-]+$/.test(request.host) ? request.host : 'localhost';
}

/** What a token must carry to meet the need. */
function accessFor(need: Need): Access | undefined {
  if (need.kind === 'catalog') return catalogAccess;
  if (need.kind !== 'repository') return undefined;
  const actions = Object.entries(dockerActions).flatMap(([docker, action]) =>
    asked(need.actions, action) ? [docker] : [],
  );
  return { type: 'repository', name: need.repository, actions };
}

/** Clients look before they push: a token for pushing pulls, too, when its holder may. */
function asked(needed: readonly RepositoryAction[], action: RepositoryAction): boolean {
  return needed.includes(action) || (action === 'content/read' && needed.includes('content/write'));
}
