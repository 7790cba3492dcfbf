// A node's directory: the configuration document that its parent sent last, kept in the data folder, so that clients
// and children sign in while the parent is out of reach. Before the first document nobody may do anything.
import { z } from 'zod';
import { findCredential, hasCredential } from '../auth/password.ts';
import type { Clock } from '../clock.ts';
import { openDocument } from '../data-folder/document.ts';
import { configurationSchema, type NodeConfiguration, type TokenDocument } from '../gateway/protocol.ts';
import { OciError } from '../oci/errors.ts';
import { compileGrants } from '../oci/scope.ts';
import type { Directory, Principal } from './directory.ts';

export interface SyncedDirectory extends Directory {
  /** Undefined before the first activation. */
  readonly configuration: NodeConfiguration | undefined;
  /** The parent's name for the document held. */
  readonly revision: string | undefined;
  /** Takes a newer document; it is durable, and what it forbids is forbidden, when this resolves. */
  apply(configuration: NodeConfiguration, revision: string): Promise<void>;
  /** Calls `listener` after each `apply`. @returns the call that ends it. */
  onApply(listener: () => void): () => void;
  /** How often a configuration was applied since the directory was opened. */
  changes(): number;
}

const storedSchema = z.object({ configuration: configurationSchema, revision: z.string() }).partial();

interface Entry {
  token: TokenDocument;
  principal: Principal;
}

/** @param path the document's file in the data folder */
export async function openSyncedDirectory(path: string, clock: Clock): Promise<SyncedDirectory> {
  const stored = await openDocument(path, storedSchema, {});
  const listeners = new Set<() => void>();
  let entries = index(stored.value.configuration);
  let changes = 0;
  const enabled = (name: string): Entry | undefined => {
    const entry = entries.get(name);
    return entry?.token.status === 'enabled' ? entry : undefined;
  };
  return {
    get mode() {
      return stored.value.configuration?.mode ?? 'ReadOnly';
    },
    get configuration() {
      return stored.value.configuration;
    },
    get revision() {
      return stored.value.revision;
    },
    async authenticate(username, password) {
      const entry = enabled(username);
      if (!entry) throw unauthorized('Unknown or disabled token');
      const credential = findCredential(entry.token.passwords, password, clock.now());
      if (credential !== undefined) return { ...entry.principal, credential };
      throw unauthorized('Incorrect Password');
    },
    changes: () => changes,
    principal: async (name, credential) => {
      const entry = enabled(name);
      const holds = entry && hasCredential(entry.token.passwords, credential, clock.now());
      return holds ? { ...entry.principal, credential } : undefined;
    },
    anonymous: async () => undefined,
    async apply(configuration, revision) {
      entries = index(configuration);
      changes += 1;
      await stored.save({ configuration, revision });
      for (const listener of listeners) listener();
    },
    onApply(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Client tokens and the sync tokens of the children directly below, by name. */
function index(configuration: NodeConfiguration | undefined): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const add = (token: TokenDocument, connectedRegistry: string | undefined): void => {
    const principal = { name: token.name, grants: compileGrants(token.actions), connectedRegistry };
    entries.set(token.name, { token, principal });
  };
  for (const token of configuration?.clientTokens ?? []) add(token, undefined);
  for (const child of configuration?.children ?? []) add(child.syncToken, child.configuration.name);
  return entries;
}

function unauthorized(reason: string): OciError {
  return new OciError('UNAUTHORIZED', reason);
}
