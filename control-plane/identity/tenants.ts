// What clients may put where a tenant belongs in a sign-in URL: its id, a name for any tenant, or ADFS's place holder.
const anyTenant: ReadonlySet<string> = new Set(['adfs', 'common', 'organizations']);

export function knowsTenant(asked: string, tenantId: string): boolean {
  const tenant = asked.toLowerCase();
  return tenant === tenantId || anyTenant.has(tenant);
}
