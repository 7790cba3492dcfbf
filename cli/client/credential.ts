// How a command finds the control plane and signs in to it: the environment says all, or the user chose one of several
// (clouds.ts), or the file that a control plane on this machine writes (control-plane/config.ts).
import { readFileSync } from 'node:fs';
import type { ControlPlaneCredential } from '../../control-plane/config.ts';
import { localCloud, readClouds, unknownCloud } from '../clouds.ts';
import type { StoredCloud } from '../config-store.ts';
import { failure } from '../errors.ts';
import type { Home } from '../home.ts';
import { parseObject, textOf } from '../json-object.ts';

export interface Credential extends Omit<
  ControlPlaneCredential,
  'subscriptionId' | 'certificateAuthorityFile'
> {
  /** Absent: the first one that the control plane lists. */
  subscriptionId: string | undefined;
  certificateAuthorityFile: string | undefined;
  /** What to do when nobody answers there. */
  unreachableHint: string;
}

/** Where service principals of any tenant sign in when no tenant is named. */
export const anyTenant = 'common';

const startHint =
  "Start one on this machine with 'acrc control-plane start --detach', or name one with " +
  'ACRC_ENDPOINT, ACRC_CLIENT_ID and ACRC_CLIENT_SECRET.';

/** @throws CliError that says how to get one */
export async function findCredential(env: NodeJS.ProcessEnv, home: Home): Promise<Credential> {
  return fromEnvironment(env) ?? (await ofChosenCloud(env, home)) ?? fromFile(home.credentialFile);
}

async function ofChosenCloud(env: NodeJS.ProcessEnv, home: Home): Promise<Credential | undefined> {
  const { clouds, current } = await readClouds(home, env);
  if (current === localCloud) return undefined;
  const chosen: StoredCloud | undefined = Object.hasOwn(clouds, current) ? clouds[current] : undefined;
  if (chosen === undefined) throw unknownCloud(current, clouds);
  return {
    endpoint: withoutSlash(chosen.endpoint),
    clientId: chosen.clientId,
    clientSecret: chosen.clientSecret,
    tenantId: chosen.tenantId ?? anyTenant,
    subscriptionId: chosen.subscriptionId,
    certificateAuthorityFile: chosen.certificateAuthorityFile,
    unreachableHint: `It is the cloud '${current}'. 'acrc cloud set --name ${localCloud}' chooses the control plane of this machine.`,
  };
}

function fromEnvironment(env: NodeJS.ProcessEnv): Credential | undefined {
  const needed = ['ACRC_ENDPOINT', 'ACRC_CLIENT_ID', 'ACRC_CLIENT_SECRET'] as const;
  const missing = needed.filter((name) => !env[name]);
  if (missing.length === needed.length) return undefined;
  if (missing.length > 0) {
    const present = needed.filter((name) => env[name]);
    throw failure(
      `${present.join(' and ')} is set and ${missing.join(' and ')} is not; all three are needed.`,
    );
  }
  if (!URL.canParse(env.ACRC_ENDPOINT!)) {
    throw failure(
      `ACRC_ENDPOINT is '${env.ACRC_ENDPOINT}', which is not a URL such as https://cloud.example.com:4430.`,
    );
  }
  return {
    endpoint: withoutSlash(env.ACRC_ENDPOINT!),
    clientId: env.ACRC_CLIENT_ID!,
    clientSecret: env.ACRC_CLIENT_SECRET!,
    tenantId: env.ACRC_TENANT_ID || anyTenant,
    subscriptionId: env.ACRC_SUBSCRIPTION_ID || undefined,
    certificateAuthorityFile: env.ACRC_CA_FILE || undefined,
    unreachableHint:
      'ACRC_ENDPOINT names it. Without it, ACRC_CLIENT_ID and ACRC_CLIENT_SECRET, commands ask the cloud that was chosen, or the ' +
      'control plane of this machine.',
  };
}

function fromFile(file: string): Credential {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw failure(
        `You are not signed in: there is no control plane in this ACRC_HOME (no ${file}).`,
        startHint,
      );
    }
    throw error;
  }
  const content = parseObject(text);
  const damaged = (what: string): Error =>
    failure(
      `The credential file ${file} is damaged: ${what}.`,
      "'acrc control-plane start' writes it again.",
    );
  const read = (name: keyof ControlPlaneCredential): string => {
    const value = textOf(content, name);
    if (value) return value;
    throw damaged(content === undefined ? 'it is not JSON' : `it has no ${name}`);
  };
  const endpoint = read('endpoint');
  if (!URL.canParse(endpoint)) throw damaged('its endpoint is no URL');
  return {
    endpoint: withoutSlash(endpoint),
    tenantId: read('tenantId'),
    subscriptionId: read('subscriptionId'),
    clientId: read('clientId'),
    clientSecret: read('clientSecret'),
    certificateAuthorityFile: read('certificateAuthorityFile'),
    socketPath: textOf(content, 'socketPath'),
    unreachableHint: startHint,
  };
}

function withoutSlash(endpoint: string): string {
  return endpoint.replace(/\/+$/, '');
}
