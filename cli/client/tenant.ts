// The tenant of the control plane: what the credential says, or, when that names any tenant, what the control plane says.
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';

export async function tenantOf(context: Context): Promise<{ tenantId: string }> {
  const [tenant] = await (await context.arm()).list<{ tenantId: string }>('/tenants?api-version=2022-12-01');
  if (tenant) return tenant;
  throw failure('The control plane names no tenant.');
}
