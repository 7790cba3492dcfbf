// Who sends a request: the bearer token must be ours, for what is asked, of a service principal that still exists, and
// got with a password that it still has.
import type { FastifyRequest } from 'fastify';
import { ArmError } from '../arm/errors.ts';
import type { ArmCaller } from '../arm/system-data.ts';
import type { AccessTokens } from './access-token.ts';
import type { AudienceKind } from './audiences.ts';
import type { ServicePrincipals } from './service-principals.ts';

/**
 * @param kind what the token must be for
 * @returns the check that runs before every route. @throws ArmError of status 401
 */
export function bearerAuthentication(
  kind: AudienceKind,
  tokens: AccessTokens,
  servicePrincipals: ServicePrincipals,
): (request: FastifyRequest) => Promise<ArmCaller> {
  return async (request) => {
    const subject = tokens.verify(bearerOf(request));
    if (subject.kind !== kind) {
      throw new ArmError(
        'InvalidAuthenticationToken',
        'The access token has been obtained for the wrong audience or resource.',
      );
    }
    const principal = await servicePrincipals.signedIn(subject.clientId, subject.credential);
    if (!principal) {
      throw new ArmError(
        'InvalidAuthenticationToken',
        'The service principal of the access token, or the password that it was got with, does not exist any more. Sign in again.',
      );
    }
    const { clientId, objectId } = principal;
    return { clientId, objectId, tenantId: subject.tenantId };
  };
}

function bearerOf({ headers: { authorization } }: FastifyRequest): string {
  if (authorization === undefined) {
    throw new ArmError(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token !== undefined) return token;
  throw new ArmError(
    'AuthenticationFailed',
    "Authentication failed. The 'Authorization' header is provided in an invalid format.",
  );
}
