// The credential file: signs the command line in on the machine that runs the control plane. Its secret is kept from
// start to start while it is good, so that what a user copied out of it stays good too. Its service principal owns the
// subscription after every start, so that nobody who may start a control plane is locked out of it.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeSecretFile } from '../../registry-node/data-folder/secret-file.ts';
import type { ControlPlaneCredential } from '../config.ts';
import type { ServicePrincipal, ServicePrincipals } from './service-principals.ts';

const ownerName = 'owner';
/** A machine may start with a clock that has yet to be set; that must not end the password, nor make another. */
const ever = new Date(0);
/** It is made anew at a start only, and control planes run for years. */
const never = new Date('9999-12-31T23:59:59.999Z');
const keptSchema = z.object({ clientId: z.string(), clientSecret: z.string() });

export interface Owner {
  principal: ServicePrincipal;
  secret: string;
}

/** The service principal of the file, made when there is none, with the file's secret or a new one. */
export async function openOwner(
  path: string,
  servicePrincipals: ServicePrincipals,
  clientId: string,
): Promise<Owner> {
  const known = await servicePrincipals.get(clientId);
  if (!known) await servicePrincipals.create({ displayName: ownerName, clientId });
  if (!known?.enabled) await servicePrincipals.enable(clientId);
  const principal = (await servicePrincipals.get(clientId))!;
  return { principal, secret: await ownerSecret(path, servicePrincipals, clientId) };
}

export async function writeCredentialFile(
  path: string,
  { principal, secret }: Owner,
  place: Omit<ControlPlaneCredential, 'clientId' | 'clientSecret'>,
): Promise<void> {
  const credential: ControlPlaneCredential = {
    ...place,
    clientId: principal.clientId,
    clientSecret: secret,
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeSecretFile(path, `${JSON.stringify(credential, undefined, 2)}\n`);
}

async function ownerSecret(
  path: string,
  servicePrincipals: ServicePrincipals,
  clientId: string,
): Promise<string> {
  const kept = await readKept(path);
  const good = kept?.clientId === clientId && (await servicePrincipals.verify(clientId, kept.clientSecret));
  if (kept && good) return kept.clientSecret;
  // A file that was lost may have been taken: what it held is good no more.
  for (const { keyId } of await servicePrincipals.passwords(clientId))
    await servicePrincipals.removePassword(clientId, keyId);
  return (await servicePrincipals.addPassword(clientId, { startsAt: ever, endsAt: never })).secret;
}

/** A file that is missing or holds something else is no reason to stop: a new one replaces it. */
async function readKept(path: string): Promise<z.infer<typeof keptSchema> | undefined> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
