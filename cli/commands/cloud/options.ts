// What the commands on control planes share, and how one is shown: without its secret.
import { findCredential } from '../../client/credential.ts';
import { localCloud, readClouds, unknownCloud } from '../../clouds.ts';
import type { Context } from '../../context.ts';
import { text } from '../../parse/option.ts';

export const cloudName = text('--name -n', 'What the control plane is called here.', { required: true });

export interface ShownCloud {
  name: string;
  isActive: boolean;
  /** None: no control plane of this machine was ever started. */
  endpoints: { resourceManager: string | null };
  clientId: string | null;
  tenantId: string | null;
  subscriptionId: string | null;
  certificateAuthorityFile: string | null;
}

export async function listClouds({ home, env }: Context): Promise<ShownCloud[]> {
  const { clouds, current } = await readClouds(home, env);
  // Its own credential, whatever the environment or a choice says.
  const local = await findCredential({ ACRC_CLOUD: localCloud }, home).catch(() => undefined);
  return Object.entries({ [localCloud]: local, ...clouds }).map(([name, cloud]) => ({
    name,
    isActive: name === current,
    endpoints: { resourceManager: cloud?.endpoint ?? null },
    clientId: cloud?.clientId ?? null,
    tenantId: cloud?.tenantId ?? null,
    subscriptionId: cloud?.subscriptionId ?? null,
    certificateAuthorityFile: cloud?.certificateAuthorityFile ?? null,
  }));
}

/** @param name absent: the one that commands talk to. @throws CliError when it is not known */
export async function findCloud(context: Context, name: string | undefined): Promise<ShownCloud> {
  const all = await listClouds(context);
  const found = all.find((cloud) => (name === undefined ? cloud.isActive : cloud.name === name));
  if (found) return found;
  const { clouds, current } = await readClouds(context.home, context.env);
  throw unknownCloud(name ?? current, clouds);
}
