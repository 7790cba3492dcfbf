// Access tokens (RS256 JWT): what the token endpoint issues, ARM asks for, and a registry exchanges.
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Clock } from '../../registry-node/clock.ts';
import { ArmError } from '../arm/errors.ts';
import type { ArmCaller } from '../arm/system-data.ts';
import type { AudienceKind } from './audiences.ts';
import type { SigningKey } from './signing-key.ts';

export const lifetimeSeconds = 3600;
const issuer = 'acrc';
const claimsSchema = z.object({ appid: z.string(), tid: z.string(), kind: z.enum(['arm', 'registry']) });

export interface AccessTokens {
  /** @param audience as the client named it */
  issue(clientId: string, audience: string, kind: AudienceKind): string;
  /** @throws ArmError ExpiredAuthenticationToken, InvalidAuthenticationToken */
  verify(token: string): ArmCaller & { kind: AudienceKind };
}

export function createAccessTokens({
  key,
  tenantId,
  clock,
}: {
  key: SigningKey;
  tenantId: string;
  clock: Clock;
}): AccessTokens {
  const nowSeconds = (): number => Math.floor(clock.now().getTime() / 1000);
  return {
    issue: (clientId, audience, kind) => {
      const now = nowSeconds();
      const claims = {
        iss: issuer,
        aud: audience,
        sub: clientId,
        oid: clientId,
        appid: clientId,
        azp: clientId,
        tid: tenantId,
        idtyp: 'app',
        ver: '1.0',
        kind,
        iat: now,
        nbf: now,
        exp: now + lifetimeSeconds,
      };
      return jwt.sign(claims, key.privateKey, { algorithm: 'RS256', keyid: key.keyId });
    },
    verify: (token) => {
      const options = { algorithms: ['RS256' as const], issuer, clockTimestamp: nowSeconds() };
      try {
        const { appid, tid, kind } = claimsSchema.parse(jwt.verify(token, key.publicKey, options));
        return { clientId: appid, tenantId: tid, kind };
      } catch (error) {
        if (error instanceof jwt.TokenExpiredError) {
          throw new ArmError('ExpiredAuthenticationToken', 'The access token has expired. Sign in again.');
        }
        throw new ArmError(
          'InvalidAuthenticationToken',
          'The access token is invalid. Sign in at this control plane.',
        );
      }
    },
  };
}
