// Default values for options that a user keeps (`acrc configure --defaults acr=… group=…`).
import { changeSettings, readSettings, type StoredDefaults } from './config-store.ts';
import type { Home } from './home.ts';
import type { Configured } from './parse/option.ts';

export type { StoredDefaults } from './config-store.ts';

export const configuredNames = ['acr', 'group', 'location'] as const satisfies readonly Configured[];

/** The variable that az calls AZURE_DEFAULTS_ACR is understood too, so that scripts written for az go on. */
export function defaultFromEnvironment(env: NodeJS.ProcessEnv, name: Configured): string | undefined {
  return (
    env[`ACRC_DEFAULTS_${name.toUpperCase()}`] || env[`AZURE_DEFAULTS_${name.toUpperCase()}`] || undefined
  );
}

export async function readDefaults(home: Home): Promise<StoredDefaults> {
  return (await readSettings(home)).defaults;
}

/** An empty value removes the default. */
export async function writeDefaults(home: Home, changes: StoredDefaults): Promise<StoredDefaults> {
  const { defaults } = await changeSettings(home, (settings) => {
    const merged = Object.entries({ ...settings.defaults, ...changes }).filter(([, value]) => value !== '');
    return { ...settings, defaults: Object.fromEntries(merged) };
  });
  return defaults;
}
