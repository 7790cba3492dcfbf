// <home>/config.json: what a user chose once for all commands. The library keeps it by a schema and writes it whole; a change
// is read, made and written under a lock, so that two commands at once lose nothing. The lock is a write transaction on an
// empty SQLite file, as a data folder's is: the kernel lets go of it however its process ends.
import type Conf from 'conf';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { failure } from './errors.ts';
import type { Home } from './home.ts';
import { isObject, type JsonObject, parseObject } from './json-object.ts';
import type { Configured } from './parse/option.ts';
import { makePrivateFolder } from './private-folder.ts';

export type StoredDefaults = Partial<Record<Configured, string>>;

/** How one control plane is reached. The file is readable by its owner only, as credentials.json is. */
export interface StoredCloud {
  endpoint: string;
  clientId: string;
  clientSecret: string;
  tenantId?: string;
  subscriptionId?: string;
  certificateAuthorityFile?: string;
}

export interface Settings {
  defaults: StoredDefaults;
  /** By name. */
  clouds: Record<string, StoredCloud>;
  /** Absent: the one of this machine. */
  currentCloud?: string;
}

const nothing: Omit<Settings, 'currentCloud'> = { defaults: {}, clouds: {} };
const lockWaitMs = 30_000;
/** SQLITE_BUSY. */
const busy = 5;

/**
 * Read by every command that asks a control plane, so without the library (30 ms) unless it is to say what is wrong.
 * @throws CliError when the file is damaged
 */
export async function readSettings(home: Home): Promise<Settings> {
  if (!existsSync(home.configFile)) return nothing;
  const content = parseObject(readFileSync(home.configFile, 'utf8'));
  return content !== undefined && isSettings(content) ? content : (await open(home)).store;
}

/** The shape alone: a name that the schema does not know is the library's to refuse, when something is written. */
function isSettings(content: JsonObject): content is JsonObject & Settings {
  const { defaults, clouds, currentCloud, ...rest } = content;
  return (
    Object.keys(rest).length === 0 &&
    isObject(defaults) &&
    Object.values(defaults).every(isText) &&
    isObject(clouds) &&
    Object.values(clouds).every(isCloud) &&
    (currentCloud === undefined || isText(currentCloud))
  );
}

function isCloud(cloud: unknown): boolean {
  return (
    isObject(cloud) &&
    isText(cloud.endpoint) &&
    isText(cloud.clientId) &&
    isText(cloud.clientSecret) &&
    Object.values(cloud).every(isText)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** @param change may be refused by throwing. @returns what is kept from now on */
export async function changeSettings(
  home: Home,
  change: (settings: Settings) => Settings,
): Promise<Settings> {
  makePrivateFolder(home.folder);
  const { DatabaseSync } = await import('node:sqlite');
  const lock = new DatabaseSync(`${home.configFile}.lock`, { timeout: lockWaitMs, open: false });
  try {
    begin(lock, home);
    const file = await open(home);
    file.store = change(file.store);
    return file.store;
  } finally {
    if (lock.isOpen) lock.close();
  }
}

function begin(lock: DatabaseSync, { configFile }: Home): void {
  try {
    lock.open();
    lock.exec('BEGIN IMMEDIATE');
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    throw errcode === busy
      ? failure(
          `Another command has been changing ${configFile} for ${lockWaitMs / 1000} s.`,
          'Try again when it has ended.',
        )
      : failure(
          `${configFile} cannot be changed: ${message}.`,
          `Give this user the right to write in ${dirname(configFile)}, or name another folder with ACRC_HOME.`,
        );
  }
}

async function open({ configFile }: Home): Promise<Conf<Settings>> {
  const { default: Store } = await import('conf');
  const text = { type: 'string' } as const;
  try {
    return new Store<Settings>({
      cwd: dirname(configFile),
      configName: 'config',
      configFileMode: 0o600,
      defaults: nothing,
      schema: {
        defaults: {
          type: 'object',
          properties: { acr: text, group: text, location: text },
          additionalProperties: false,
        },
        clouds: {
          type: 'object',
          additionalProperties: {
            type: 'object',
            properties: {
              endpoint: text,
              clientId: text,
              clientSecret: text,
              tenantId: text,
              subscriptionId: text,
              certificateAuthorityFile: text,
            },
            required: ['endpoint', 'clientId', 'clientSecret'],
            additionalProperties: false,
          },
        },
        currentCloud: text,
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failure(
      `The configuration ${configFile} cannot be used: ${reason}`,
      'Mend it with an editor, or delete it: acrc makes it anew.',
    );
  }
}
