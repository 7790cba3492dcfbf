// The subscriptions of the control plane, as az shows the accounts it is signed in to.
import { tenantOf } from '../../client/tenant.ts';
import { findSubscription, type Subscription } from '../../client/registry-id.ts';
import type { Context } from '../../context.ts';

export interface Account {
  cloudName: string;
  homeTenantId: string;
  id: string;
  isDefault: boolean;
  managedByTenants: readonly [];
  name: string;
  state: string;
  tenantId: string;
  user: { name: string; type: 'servicePrincipal' };
}

export async function listAccounts(context: Context): Promise<Account[]> {
  const arm = await context.arm();
  const { clientId, endpoint } = await context.credential();
  const { tenantId } = await tenantOf(context);
  const current = await context.subscription();
  const all = await arm.list<Subscription & { state: string }>('/subscriptions');
  return all.map((one) => ({
    cloudName: new URL(endpoint).host,
    homeTenantId: tenantId,
    id: one.subscriptionId,
    isDefault: one.subscriptionId === current,
    managedByTenants: [],
    name: one.displayName,
    state: one.state,
    tenantId,
    user: { name: clientId, type: 'servicePrincipal' },
  }));
}

/** @param wanted name or id; absent: the one that commands work in. @throws CliError */
export async function findAccount(
  context: Context,
  wanted: string | undefined,
): Promise<Account | undefined> {
  const arm = await context.arm();
  const { subscriptionId } = await findSubscription(arm, wanted ?? (await context.subscription()));
  return (await listAccounts(context)).find(({ id }) => id === subscriptionId);
}
