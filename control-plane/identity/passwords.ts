// The passwords of service principals: shown once, kept as verifiers, good from their start to their end.
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { generatePassword, makeVerifier, verifyPassword } from '../../registry-node/auth/password.ts';
import type { Clock } from '../../registry-node/clock.ts';
import type { Row, Tables } from '../store/tables.ts';

export interface PasswordCredential {
  keyId: string;
  displayName: string | undefined;
  /** The password's first characters, by which people tell them apart. */
  hint: string;
  /** ISO 8601. */
  startsAt: string;
  endsAt: string;
}

export interface PasswordLife {
  displayName?: string | undefined;
  startsAt?: Date | undefined;
  /** Absent: `passwordYears` after its start. */
  endsAt?: Date | undefined;
}

export interface Passwords {
  of(clientId: string): Promise<PasswordCredential[]>;
  /** @returns the password, which cannot be read again */
  add(clientId: string, life: PasswordLife): Promise<PasswordCredential & { secret: string }>;
  /** False when there was none of this key id. */
  remove(clientId: string, keyId: string): Promise<boolean>;
  /** The key id of the one that `secret` is, while it is good. */
  find(clientId: string, secret: string): Promise<string | undefined>;
  /** The one of this key id, while it is good. */
  good(clientId: string, keyId: string): Promise<PasswordCredential | undefined>;
}

/** As `az ad sp create-for-rbac` has it. */
const passwordYears = 1;
const hintCharacters = 3;
/** A client names the start of a password by its own clock, and uses it at once. */
const clockDifferenceMaxMs = 5 * 60 * 1000;

export function openPasswords(database: Kysely<Tables>, clock: Clock): Passwords {
  const rowsOf = (clientId: string): Promise<Row<'passwords'>[]> =>
    database
      .selectFrom('passwords')
      .where('client_id', '=', clientId.toLowerCase())
      .orderBy('starts_at')
      .selectAll()
      .execute();
  const isGood = ({ starts_at, ends_at }: Row<'passwords'>): boolean => {
    const now = clock.now().getTime();
    return Date.parse(starts_at) <= now + clockDifferenceMaxMs && now < Date.parse(ends_at);
  };
  return {
    of: async (clientId) => (await rowsOf(clientId)).map(toPassword),
    add: async (clientId, { displayName, startsAt = clock.now(), endsAt = yearsAfter(startsAt) }) => {
      const secret = generatePassword();
      const row = {
        key_id: randomUUID(),
        client_id: clientId,
        display_name: displayName ?? null,
        hint: secret.slice(0, hintCharacters),
        verifier: makeVerifier(secret),
        starts_at: startsAt.toISOString(),
        ends_at: endsAt.toISOString(),
      };
      await database.insertInto('passwords').values(row).execute();
      return { ...toPassword(row), secret };
    },
    remove: async (clientId, keyId) => {
      const gone = await database
        .deleteFrom('passwords')
        .where('client_id', '=', clientId)
        .where('key_id', '=', keyId.toLowerCase())
        .returning('key_id')
        .executeTakeFirst();
      return gone !== undefined;
    },
    find: async (clientId, secret) => {
      const rows = await rowsOf(clientId);
      return rows.find((row) => isGood(row) && verifyPassword(secret, row.verifier))?.key_id;
    },
    good: async (clientId, keyId) => {
      const row = (await rowsOf(clientId)).find(({ key_id }) => key_id === keyId);
      return row && isGood(row) ? toPassword(row) : undefined;
    },
  };
}

function yearsAfter(start: Date): Date {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + passwordYears);
  return end;
}

function toPassword(row: Row<'passwords'>): PasswordCredential {
  return {
    keyId: row.key_id,
    displayName: row.display_name ?? undefined,
    hint: row.hint,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
  };
}
