// ACRC_HOME is all that acrc keeps for a user: two homes share nothing, so they never see each other's processes,
// credentials or defaults. The layout, and the only code that spells its paths:
//
//   <home>/credentials.json       how to reach and sign in to the control plane (written by the control plane)
//   <home>/tokens.json            access tokens until they expire
//   <home>/config.json            defaults (acrc configure), and other control planes (acrc cloud)
//   <home>/control-plane/         what the control plane keeps
//   <home>/azure/                 the configuration of an az that uses this control plane (acrc az-setup)
//   <home>/nodes/<name>/          what a node keeps, when --data is not given
//   <home>/run/<kind>-<name>.json who runs; <home>/logs/<kind>-<name>.log what detached processes wrote
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

export interface Home {
  readonly folder: string;
  readonly credentialFile: string;
  readonly tokenFile: string;
  readonly configFile: string;
  readonly controlPlaneFolder: string;
  readonly azureFolder: string;
  readonly runFolder: string;
  readonly logFolder: string;
  readonly nodesFolder: string;
  nodeFolder(name: string): string;
}

export function homeOf(env: NodeJS.ProcessEnv): Home {
  // Where HOME is set and empty, the folder would be one in whatever folder the command runs.
  const folder = resolve(env.ACRC_HOME || join(homedir() || userInfo().homedir, '.acrc'));
  return {
    folder,
    credentialFile: join(folder, 'credentials.json'),
    tokenFile: join(folder, 'tokens.json'),
    configFile: join(folder, 'config.json'),
    controlPlaneFolder: join(folder, 'control-plane'),
    azureFolder: join(folder, 'azure'),
    runFolder: join(folder, 'run'),
    logFolder: join(folder, 'logs'),
    nodesFolder: join(folder, 'nodes'),
    nodeFolder: (name) => join(folder, 'nodes', name),
  };
}
