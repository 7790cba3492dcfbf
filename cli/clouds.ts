// The control planes that a user works with, by name (`acrc cloud`), beside the one that runs in this ACRC_HOME. Which one a
// command talks to: what the environment says whole (ACRC_ENDPOINT …), the one that ACRC_CLOUD names, the one chosen last,
// the one of this machine.
import { changeSettings, readSettings, type StoredCloud } from './config-store.ts';
import { failure } from './errors.ts';
import type { Home } from './home.ts';

/** The control plane of this ACRC_HOME (credentials.json); always there, and nobody else may have the name. */
export const localCloud = 'local';

export interface Clouds {
  /** By name, without the one of this machine. */
  clouds: Readonly<Record<string, StoredCloud>>;
  /** The name of the one that commands talk to. */
  current: string;
}

/** @param env ACRC_CLOUD is asked before the file */
export async function readClouds(home: Home, env: NodeJS.ProcessEnv): Promise<Clouds> {
  const { clouds, currentCloud = localCloud } = await readSettings(home);
  return { clouds, current: env.ACRC_CLOUD || currentCloud };
}

/** Adds one, or changes it when the name is known. @throws CliError for the name of this machine's own */
export async function keepCloud(home: Home, name: string, cloud: StoredCloud): Promise<void> {
  if (name === localCloud) throw failure(`'${localCloud}' is the control plane of this machine.`);
  await changeSettings(home, (settings) => ({
    ...settings,
    clouds: { ...settings.clouds, [name]: cloud },
  }));
}

/** Commands go to this machine's own if it was the current one. @throws CliError when it is not known */
export async function removeCloud(home: Home, name: string): Promise<void> {
  await changeSettings(home, ({ clouds, currentCloud, ...settings }) => {
    if (!Object.hasOwn(clouds, name)) throw unknownCloud(name, clouds);
    const { [name]: _gone, ...rest } = clouds;
    return {
      ...settings,
      clouds: rest,
      ...(currentCloud !== undefined && currentCloud !== name && { currentCloud }),
    };
  });
}

/** Makes it the one that commands talk to. @throws CliError when it is not known */
export async function useCloud(home: Home, name: string): Promise<void> {
  await changeSettings(home, ({ currentCloud: _former, ...settings }) => {
    if (name === localCloud) return settings;
    if (!Object.hasOwn(settings.clouds, name)) throw unknownCloud(name, settings.clouds);
    return { ...settings, currentCloud: name };
  });
}

export function unknownCloud(name: string, clouds: Clouds['clouds']): Error {
  return failure(
    `The cloud '${name}' is not registered.`,
    `There are ${[localCloud, ...Object.keys(clouds)].join(', ')}; 'acrc cloud set --name' chooses one.`,
  );
}
