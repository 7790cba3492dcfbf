// New passwords for a token (Azure REST API, Registries - Generate Credentials): shown in this answer and never
// again.
import type { FastifyInstance } from 'fastify';
import { generatePassword, makeVerifier } from '../../../registry-node/auth/password.ts';
import { ArmError, childNotFound } from '../../arm/errors.ts';
import { keyOf, nameOf, parseSibling } from '../../arm/resource-id.ts';
import { type RegistryParams, routePaths } from '../../arm/route-paths.ts';
import { type ResourceContext, requireRegistry } from '../context.ts';
import {
  generateCredentialsSchema,
  passwordNames,
  type TokenPassword,
  tokenKind,
  toPassword,
} from './schema.ts';

export function generateCredentialsRoute(app: FastifyInstance, context: ResourceContext): void {
  const { resources, clock, readBody } = context;

  app.post<{ Params: RegistryParams }>(`${routePaths.registry}/generateCredentials`, async (request) => {
    const { tokenId, name, expiry } = readBody(request, generateCredentialsSchema);
    const now = clock.now();
    if (expiry && Date.parse(expiry) <= now.getTime()) {
      throw new ArmError(
        'InvalidPropertyValue',
        `The expiry ${expiry} has passed. Give a time to come, or none.`,
        'expiry',
      );
    }
    const made = (name ? [name] : passwordNames).map((each) => makePassword(each, now, expiry));
    const username = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const key = parseSibling(tokenId, tokenKind.type, registry.id, 'tokenId');
      const token = await change.get(tokenKind, key);
      if (!token) throw childNotFound(nameOf(tokenId));
      const others = token.properties.passwords.filter(
        (old) => !made.some(({ password }) => password.name === old.name),
      );
      const passwords = [...others, ...made.map(({ password }) => password)].sort((left, right) =>
        left.name < right.name ? -1 : 1,
      );
      await change.put({ ...token, properties: { ...token.properties, passwords } }, keyOf(registry.id));
      return token.name;
    });
    return {
      username,
      passwords: made.map(({ password, value }) => Object.assign(toPassword(password), { value })),
    };
  });
}

function makePassword(
  name: TokenPassword['name'],
  now: Date,
  expiry: string | null | undefined,
): { password: TokenPassword; value: string } {
  const value = generatePassword();
  const password = {
    name,
    verifier: makeVerifier(value),
    creationTime: now.toISOString(),
    expiry: expiry ?? undefined,
  };
  return { password, value };
}
