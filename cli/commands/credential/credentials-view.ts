// How the admin's credentials are shown, and the switch that must be on before there are any.
import type { Arm } from '../../client/arm.ts';
import type { Registry } from '../../client/resources.ts';
import { failure } from '../../errors.ts';
import { at, column, type View } from '../../output/view.ts';

export const adminCredentialsView: View = {
  columns: {
    USERNAME: column('username'),
    PASSWORD: (item) => at(item, 'passwords.0.value'),
    PASSWORD2: (item) => at(item, 'passwords.1.value'),
  },
};

/** @throws CliError when the admin user is off */
export async function requireAdmin(arm: Arm, path: string): Promise<void> {
  const { name, properties } = await arm.get<Registry>(path);
  if (properties.adminUserEnabled) return;
  throw failure(`Run 'acrc update -n ${name} --admin-enabled true' to enable admin first.`);
}
