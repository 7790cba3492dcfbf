// Who sends an ARM request: the bearer token must be ours, for ARM, and of a service principal that still exists.
import type { FastifyRequest } from 'fastify';
import { ArmError } from '../arm/errors.ts';
import type { ArmCaller } from '../arm/system-data.ts';
import type { AccessTokens } from './access-token.ts';
import type { ServicePrincipals } from './service-principals.ts';

/** @returns the check that ARM's server runs before every route */
export function armAuthentication(
  tokens: AccessTokens,
  servicePrincipals: ServicePrincipals,
): (request: FastifyRequest) => Promise<ArmCaller> {
  return async (request) => {
    const header = request.headers.authorization;
    if (header === undefined) {
      throw new ArmError(
        'AuthenticationFailed',
        "Authentication failed. The 'Authorization' header is missing.",
      );
    }
    const token = /^bearer +(\S+)$/i.exec(header)?.[1];
    if (token === undefined) {
      throw new ArmError(
        'AuthenticationFailed',
        "Authentication failed. The 'Authorization' header is provided in an invalid format.",
      );
    }
    const caller = tokens.verify(token);
    if (caller.kind !== 'arm') {
      throw new ArmError(
        'InvalidAuthenticationToken',
        'The access token is for registries and not for this API.',
      );
    }
    if (!(await servicePrincipals.exists(caller.clientId))) {
      throw new ArmError(
        'InvalidAuthenticationToken',
        'The service principal of the access token does not exist any more.',
      );
    }
    return caller;
  };
}
