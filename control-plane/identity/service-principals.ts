// Who may sign in to the control plane. One service principal is made at the first start and owns everything.
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { generatePassword, makeVerifier, verifyPassword } from '../../registry-node/auth/password.ts';
import type { Clock } from '../../registry-node/clock.ts';
import type { Tables } from '../store/tables.ts';

export interface ServicePrincipals {
  exists(clientId: string): Promise<boolean>;
  /** Whether the secret is the service principal's; false too when there is none of this id. */
  verify(clientId: string, secret: string): Promise<boolean>;
  /** @returns its secret, which cannot be read again */
  create(displayName: string): Promise<{ clientId: string; clientSecret: string }>;
  /** Replaces the secret. @returns the new one */
  renew(clientId: string): Promise<string>;
  /** The one of this name. */
  named(displayName: string): Promise<string | undefined>;
}

export function openServicePrincipals(database: Kysely<Tables>, clock: Clock): ServicePrincipals {
  const find = (clientId: string) =>
    database
      .selectFrom('service_principals')
      .where('client_id', '=', clientId.toLowerCase())
      .select('verifier')
      .executeTakeFirst();
  return {
    exists: async (clientId) => (await find(clientId)) !== undefined,
    verify: async (clientId, secret) => {
      const found = await find(clientId);
      return found !== undefined && verifyPassword(secret, found.verifier);
    },
    create: async (displayName) => {
      const clientId = randomUUID();
      const clientSecret = generatePassword();
      const verifier = makeVerifier(clientSecret);
      const created_at = clock.now().toISOString();
      await database
        .insertInto('service_principals')
        .values({ client_id: clientId, display_name: displayName, verifier, created_at })
        .execute();
      return { clientId, clientSecret };
    },
    renew: async (clientId) => {
      const secret = generatePassword();
      await database
        .updateTable('service_principals')
        .set({ verifier: makeVerifier(secret) })
        .where('client_id', '=', clientId.toLowerCase())
        .execute();
      return secret;
    },
    named: async (displayName) => {
      const found = await database
        .selectFrom('service_principals')
        .where('display_name', '=', displayName)
        .select('client_id')
        .executeTakeFirst();
      return found?.client_id;
    },
  };
}
