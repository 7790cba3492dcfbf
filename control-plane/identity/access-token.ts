// Access tokens (RS256 JWT): what the token endpoint issues, ARM and Graph ask for, and a registry exchanges.
import jwt from 'jsonwebtoken';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { BoundedMap } from '../../registry-node/bounded-map.ts';
import type { Clock } from '../../registry-node/clock.ts';
import { ArmError } from '../arm/errors.ts';
import { type AudienceKind, audienceKinds } from './audiences.ts';
import type { ServicePrincipal } from './service-principals.ts';
import type { SigningKey } from './signing-key.ts';

export const lifetimeSeconds = 3600;
/** A clock that is set right by so much signs nobody out: az asks for no other token before its own has ended. */
const setBackMaxSeconds = 300;
const issuer = 'acrc';
/** No honest token comes near. */
const tokenCharactersMax = 16 * 1024;
/** Of verified tokens: a few thousand callers, so that each costs one signature check and not one per request. */
const verifiedCharactersMax = 4 * 1024 * 1024;

const claimsSchema = z.object({
  exp: z.int(),
  appid: z.string(),
  tid: z.string(),
  kind: z.enum(audienceKinds),
  credential: z.string(),
});

export interface TokenSubject {
  clientId: string;
  tenantId: string;
  /** What the token may be used at. */
  kind: AudienceKind;
  /** Key id of the password that it was got with: it is good as long as that is. */
  credential: string;
}

export interface AccessTokens {
  /** @param audience as the client named it */
  issue(
    principal: ServicePrincipal,
    use: { audience: string; kind: AudienceKind; credential: string },
  ): string;
  /**
   * Says nothing about whether its subject still exists.
   * @throws ArmError ExpiredAuthenticationToken, InvalidAuthenticationToken, InvalidAuthenticationTokenTenant
   */
  verify(token: string): TokenSubject;
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
  const verified = new BoundedMap<{ subject: TokenSubject; expiresAt: number }>({
    weightMax: verifiedCharactersMax,
    weigh: (_value, text) => text.length,
  });
  return {
    issue: ({ clientId, objectId }, { audience, kind, credential }) => {
      const now = nowSeconds();
      const claims = {
        iss: issuer,
        aud: audience,
        sub: objectId,
        oid: objectId,
        appid: clientId,
        azp: clientId,
        tid: tenantId,
        idtyp: 'app',
        ver: '1.0',
        uti: randomUUID(),
        kind,
        credential,
        iat: now,
        nbf: now - setBackMaxSeconds,
        exp: now + lifetimeSeconds,
      };
      return jwt.sign(claims, key.privateKey, { algorithm: 'RS256', keyid: key.keyId });
    },
    verify: (token) => {
      const now = nowSeconds();
      const known = verified.get(token);
      if (known && known.expiresAt > now) return known.subject;
      const { header, payload } = read(token, key, now);
      const claims = claimsSchema.safeParse(payload);
      if (header.kid !== key.keyId || !claims.success) throw invalid();
      const { exp, appid, tid, kind, credential } = claims.data;
      if (tid !== tenantId) {
        throw new ArmError(
          'InvalidAuthenticationTokenTenant',
          'The access token is from the wrong issuer. Sign in at this control plane.',
        );
      }
      const subject = { clientId: appid, tenantId: tid, kind, credential };
      verified.set(token, { subject, expiresAt: exp });
      return subject;
    },
  };
}

function read(token: string, key: SigningKey, clockTimestamp: number): jwt.Jwt {
  if (token.length > tokenCharactersMax) throw invalid();
  try {
    return jwt.verify(token, key.publicKey, {
      algorithms: ['RS256'],
      issuer,
      clockTimestamp,
      complete: true,
    });
  } catch (error) {
    if (!(error instanceof jwt.TokenExpiredError)) throw invalid();
    throw new ArmError('ExpiredAuthenticationToken', 'The access token has expired. Sign in again.');
  }
}

function invalid(): ArmError {
  return new ArmError(
    'InvalidAuthenticationToken',
    'The access token is invalid. Sign in at this control plane.',
  );
}
