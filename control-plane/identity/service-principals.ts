// Who may sign in: service principals, each the one of an application of its own, and the passwords of that application.
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../../registry-node/clock.ts';
import type { Row, Tables } from '../store/tables.ts';
import { openPasswords, type PasswordCredential, type PasswordLife } from './passwords.ts';

export interface ServicePrincipal {
  /** What roles are given to. */
  objectId: string;
  /** What it signs in as, and what names its application: `appId`. */
  clientId: string;
  /** Of the application, which is another object. */
  applicationObjectId: string;
  displayName: string;
  /** False while there is an application only, as between two requests of `az ad sp create-for-rbac`. */
  enabled: boolean;
  createdAt: string;
}

export interface ServicePrincipals {
  /** By client id, object id or its application's object id. */
  get(id: string): Promise<ServicePrincipal | undefined>;
  all(): Promise<ServicePrincipal[]>;
  /** An application, which nobody signs in as before it is enabled. */
  create(options: { displayName: string; clientId?: string }): Promise<ServicePrincipal>;
  /**
   * Makes the service principal of an application, which is another one each time: what was given to an earlier one
   * does not come back.
   */
  enable(clientId: string): Promise<ServicePrincipal | undefined>;
  /** Takes the service principal away and leaves its application. */
  disable(clientId: string): Promise<void>;
  rename(clientId: string, displayName: string): Promise<void>;
  /** With its application and passwords. */
  remove(clientId: string): Promise<void>;

  passwords(clientId: string): Promise<PasswordCredential[]>;
  /** @returns the password, which cannot be read again */
  addPassword(clientId: string, life: PasswordLife): Promise<PasswordCredential & { secret: string }>;
  /** False when there was none of this key id. */
  removePassword(clientId: string, keyId: string): Promise<boolean>;

  /** The key id of the password that `secret` is; undefined too for a client id that nobody has. */
  verify(clientId: string, secret: string): Promise<string | undefined>;
  /** Whom a sign-in with that password still stands for: undefined once either of the two is gone. */
  signedIn(clientId: string, keyId: string): Promise<ServicePrincipal | undefined>;
  /** Calls `listener` after each change. @returns the call that ends it */
  onChange(listener: () => void): () => void;
}

/** Sign-ins remembered, so that a request of a known caller costs no query. */
const signInsKeptMax = 10_000;

export function openServicePrincipals(database: Kysely<Tables>, clock: Clock): ServicePrincipals {
  const passwords = openPasswords(database, clock);
  const listeners = new Set<() => void>();
  const signIns = new Map<string, Promise<{ principal: ServicePrincipal; endsAt: string } | undefined>>();
  const changed = <T>(result: T): T => {
    signIns.clear();
    for (const listener of listeners) listener();
    return result;
  };
  const get = async (id: string): Promise<ServicePrincipal | undefined> => {
    const key = id.toLowerCase();
    const row = await database
      .selectFrom('service_principals')
      .where((where) =>
        where.or([
          where('client_id', '=', key),
          where('object_id', '=', key),
          where('application_object_id', '=', key),
        ]),
      )
      .selectAll()
      .executeTakeFirst();
    return row && toServicePrincipal(row);
  };
  const findSignIn = async (clientId: string, keyId: string) => {
    const principal = await get(clientId);
    const password = await passwords.good(clientId, keyId);
    return principal?.enabled && password ? { principal, endsAt: password.endsAt } : undefined;
  };

  return {
    get,
    all: async () => {
      const rows = await database.selectFrom('service_principals').selectAll().execute();
      return rows.map(toServicePrincipal);
    },
    create: async ({ displayName, clientId = randomUUID() }) => {
      const row = {
        client_id: clientId,
        object_id: randomUUID(),
        application_object_id: randomUUID(),
        display_name: displayName,
        enabled: 0,
        created_at: clock.now().toISOString(),
      };
      await database.insertInto('service_principals').values(row).execute();
      return changed(toServicePrincipal(row));
    },
    enable: async (clientId) => {
      const row = await database
        .updateTable('service_principals')
        .where('client_id', '=', clientId)
        .where('enabled', '=', 0)
        .set({ enabled: 1, object_id: randomUUID() })
        .returningAll()
        .executeTakeFirst();
      return changed(row && toServicePrincipal(row));
    },
    disable: async (clientId) => {
      const query = database.updateTable('service_principals').where('client_id', '=', clientId);
      await query.set({ enabled: 0 }).execute();
      changed(undefined);
    },
    rename: async (clientId, displayName) => {
      const query = database.updateTable('service_principals').where('client_id', '=', clientId);
      await query.set({ display_name: displayName }).execute();
      changed(undefined);
    },
    remove: async (clientId) => {
      await database.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('passwords').where('client_id', '=', clientId).execute();
        await transaction.deleteFrom('service_principals').where('client_id', '=', clientId).execute();
      });
      changed(undefined);
    },

    passwords: (clientId) => passwords.of(clientId),
    addPassword: async (clientId, life) => changed(await passwords.add(clientId, life)),
    removePassword: async (clientId, keyId) => changed(await passwords.remove(clientId, keyId)),

    verify: async (clientId, secret) =>
      (await get(clientId))?.enabled ? passwords.find(clientId, secret) : undefined,
    signedIn: async (clientId, keyId) => {
      const key = `${clientId}/${keyId}`;
      const known = signIns.get(key);
      if (!known && signIns.size >= signInsKeptMax) signIns.clear();
      const finding = known ?? findSignIn(clientId, keyId);
      if (!known) {
        signIns.set(key, finding);
        finding.catch(() => signIns.delete(key));
      }
      const found = await finding;
      // A clock that was set back, and will be set right, is no change that anybody tells of.
      if (!found) signIns.delete(key);
      return found && clock.now().getTime() < Date.parse(found.endsAt) ? found.principal : undefined;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function toServicePrincipal(row: Row<'service_principals'>): ServicePrincipal {
  return {
    objectId: row.object_id,
    clientId: row.client_id,
    applicationObjectId: row.application_object_id,
    displayName: row.display_name,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
  };
}
