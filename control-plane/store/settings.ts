// Facts about the control plane as a whole, made once and kept: who it is to its clients.
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

const names = [
  'tenantId',
  'subscriptionId',
  /** The service principal of the credential file. */
  'ownerClientId',
] as const;
export type Settings = Readonly<Record<(typeof names)[number], string>>;

/** Reads the settings; those that are missing get a new random id. */
export async function openSettings(database: Kysely<Tables>, randomId: () => string): Promise<Settings> {
  for (const name of names) {
    await database
      .insertInto('settings')
      .values({ name, value: randomId() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const rows = await database.selectFrom('settings').selectAll().execute();
  const value = (name: string): string => rows.find((row) => row.name === name)!.value;
  return {
    tenantId: value('tenantId'),
    subscriptionId: value('subscriptionId'),
    ownerClientId: value('ownerClientId'),
  };
}
