// Tokens of a registry: access tokens that carry what they allow, and refresh tokens that stand for a sign-in
// with ACR's claims and lifetimes. One authority per registry: a token of another one does not verify, because its key is another.
import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { makeFolder } from '../blobs/durable.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Clock } from '../clock.ts';
import type { Principal } from '../directory/directory.ts';
import type { Access } from '../oci/scope.ts';
import { openSigningKey } from './signing-key.ts';

export interface AccessToken {
  token: string;
  expiresInSeconds: number;
  issuedAt: Date;
}

/** Whom a token stands for: a principal, with what it signed in with. */
export type TokenSubject = Pick<Principal, 'name' | 'credential'>;

/** What a verified token says. */
export interface VerifiedToken {
  kind: 'access_token' | 'refresh_token';
  /** The principal's name in the directory; undefined for a caller without credentials. */
  subject: TokenSubject | undefined;
  access: readonly Access[];
}

export interface TokenAuthority {
  /** @param service the host that the token is for, as the client named it */
  issueAccess(subject: TokenSubject | undefined, service: string, access: readonly Access[]): AccessToken;
  issueRefresh(subject: TokenSubject, service: string): string;
  /** Undefined when it is expired, altered, or not ours. Says nothing about what its subject may do now. */
  verify(token: string): VerifiedToken | undefined;
}

export interface TokenAuthorityOptions {
  /** Keeps the signing key; made when missing. */
  folder: string;
  clock: Clock;
}

/** A caller without credentials: the empty name is no principal's. */
const nobody: TokenSubject = { name: '' };
const issuer = 'Azure Container Registry';
const accessSeconds = 75 * 60;
const refreshSeconds = (3 * 60 + 15) * 60;
/** Characters of verified tokens kept, so that a pull costs one signature check and not one per layer. */
const verifiedCharactersMax = 8 * 1024 * 1024;
/** A token names a scope per repository asked for; no honest one comes near. */
const tokenCharactersMax = 64 * 1024;

const claimsSchema = z.object({
  sub: z.string(),
  credential: z.string().optional(),
  exp: z.int(),
  nbf: z.int(),
  grant_type: z.enum(['access_token', 'refresh_token']),
  access: z.array(z.object({ type: z.string(), name: z.string(), actions: z.array(z.string()) })).default([]),
});

export async function openTokenAuthority({ folder, clock }: TokenAuthorityOptions): Promise<TokenAuthority> {
  await makeFolder(folder);
  const { privateKey, publicKey, keyId } = await openSigningKey(folder);
  const verified = new BoundedMap<{ token: VerifiedToken; expiresAt: number }>({
    weightMax: verifiedCharactersMax,
    weigh: (_value, text) => text.length,
  });
  const nowSeconds = (): number => Math.floor(clock.now().getTime() / 1000);
  const sign = (
    claims: object,
    { name, credential }: TokenSubject,
    service: string,
    lifetimeSeconds: number,
  ): string => {
    const now = nowSeconds();
    const times = { nbf: now, iat: now, exp: now + lifetimeSeconds };
    const common = { jti: randomUUID(), sub: name, iss: issuer, aud: service, version: '1.0', roles: [] };
    const held = credential === undefined ? {} : { credential };
    return jwt.sign({ ...common, ...held, ...times, ...claims }, privateKey, {
      algorithm: 'RS256',
      keyid: keyId,
    });
  };

  return {
    issueAccess: (subject, service, access) => ({
      token: sign({ grant_type: 'access_token', access }, subject ?? nobody, service, accessSeconds),
      expiresInSeconds: accessSeconds,
      issuedAt: clock.now(),
    }),
    issueRefresh: (subject, service) =>
      sign({ grant_type: 'refresh_token' }, subject, service, refreshSeconds),
    verify: (text) => {
      const now = nowSeconds();
      const known = verified.get(text);
      if (known) return known.expiresAt > now ? known.token : undefined;
      const claims = readClaims(text, publicKey, now);
      if (!claims) return undefined;
      const { sub: name, credential, exp, grant_type: kind, access } = claims;
      const token = { kind, subject: name === nobody.name ? undefined : { name, credential }, access };
      verified.set(text, { token, expiresAt: exp });
      return token;
    },
  };
}

function readClaims(text: string, key: string, now: number): z.infer<typeof claimsSchema> | undefined {
  if (text.length > tokenCharactersMax) return undefined;
  try {
    const claims = jwt.verify(text, key, { algorithms: ['RS256'], issuer, clockTimestamp: now });
    return claimsSchema.safeParse(claims).data;
  } catch (error) {
    if (error instanceof jwt.JsonWebTokenError) return undefined;
    throw error;
  }
}
