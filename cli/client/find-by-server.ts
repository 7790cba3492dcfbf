// Which registry of the subscription a host name means.
import type { Context } from '../context.ts';
import type { Registry } from './resources.ts';

/** @param wanted a login server, or the name of a registry */
export async function findByServer(context: Context, wanted: string): Promise<Registry | undefined> {
  const arm = await context.arm();
  const all = await arm.list<Registry>(
    `/subscriptions/${await context.subscription()}/providers/Microsoft.ContainerRegistry/registries`,
  );
  const lower = wanted.toLowerCase();
  return all.find((one) =>
    [one.name, one.properties.loginServer].some((text) => text.toLowerCase() === lower),
  );
}
