// The credential file: signs the command line in on the machine that runs the control plane. Its secret is kept from
// start to start while it is good, so that what a user copied out of it stays good too.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ControlPlaneCredential } from '../config.ts';
import { writeSecretFile } from '../../registry-node/data-folder/secret-file.ts';
import type { ServicePrincipals } from './service-principals.ts';

const ownerName = 'owner';
const keptSchema = z.object({ clientId: z.string(), clientSecret: z.string() });

/** Writes the file with the owner's credential, making the owner when there is none yet. */
export async function writeCredentialFile(
  path: string,
  servicePrincipals: ServicePrincipals,
  place: Omit<ControlPlaneCredential, 'clientId' | 'clientSecret'>,
): Promise<void> {
  const credential: ControlPlaneCredential = { ...place, ...(await ownerSecret(path, servicePrincipals)) };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeSecretFile(path, `${JSON.stringify(credential, undefined, 2)}\n`);
}

async function ownerSecret(
  path: string,
  servicePrincipals: ServicePrincipals,
): Promise<{ clientId: string; clientSecret: string }> {
  const clientId = await servicePrincipals.named(ownerName);
  if (clientId === undefined) return servicePrincipals.create(ownerName);
  const kept = await readKept(path);
  const good = kept?.clientId === clientId && (await servicePrincipals.verify(clientId, kept.clientSecret));
  return { clientId, clientSecret: good ? kept.clientSecret : await servicePrincipals.renew(clientId) };
}

/** A file that is missing or holds something else is no reason to stop: a new one replaces it. */
async function readKept(path: string): Promise<z.infer<typeof keptSchema> | undefined> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
