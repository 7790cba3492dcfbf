// Default values that a user keeps (`acrc configure --defaults acr=… group=…`), in <home>/config.json. The library is
// loaded only when an option is missing and such a file exists.
import type Conf from 'conf';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from './home.ts';
import type { Configured } from './parse/option.ts';

export const configuredNames = ['acr', 'group', 'location'] as const satisfies readonly Configured[];
export type StoredDefaults = Partial<Record<Configured, string>>;

/** The variable that az calls AZURE_DEFAULTS_ACR is understood too, so that scripts written for az go on. */
export function defaultFromEnvironment(env: NodeJS.ProcessEnv, name: Configured): string | undefined {
  return (
    env[`ACRC_DEFAULTS_${name.toUpperCase()}`] || env[`AZURE_DEFAULTS_${name.toUpperCase()}`] || undefined
  );
}

export async function readDefaults(home: Home): Promise<StoredDefaults> {
  const exists = existsSync(join(home.folder, 'config.json'));
  return exists ? (await openStore(home)).get('defaults') : {};
}

/** An empty value removes the default. */
export async function writeDefaults(home: Home, changes: StoredDefaults): Promise<StoredDefaults> {
  const store = await openStore(home);
  const merged = Object.entries({ ...store.get('defaults'), ...changes }).filter(([, value]) => value !== '');
  store.set('defaults', Object.fromEntries(merged));
  return store.get('defaults');
}

async function openStore(home: Home): Promise<Conf<{ defaults: StoredDefaults }>> {
  const { default: Store } = await import('conf');
  const text = { type: 'string' } as const;
  return new Store<{ defaults: StoredDefaults }>({
    cwd: home.folder,
    configName: 'config',
    configFileMode: 0o600,
    defaults: { defaults: {} },
    schema: {
      defaults: {
        type: 'object',
        properties: { acr: text, group: text, location: text },
        additionalProperties: false,
      },
    },
  });
}
