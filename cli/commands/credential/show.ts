// `az acr credential show`.
import { command } from '../../command.ts';
import { registryByName } from '../../options/registry.ts';
import { adminCredentialsView, requireAdmin } from './credentials-view.ts';

export default command({
  options: registryByName,
  examples: [
    {
      purpose: 'Get the first admin password.',
      line: "acrc credential show -n myregistry --query 'passwords[0].value' -o tsv",
    },
    { purpose: 'Show the admin user and both passwords.', line: 'acrc credential show -n myregistry' },
  ],
  view: adminCredentialsView,
  async run(options, context) {
    const { path } = await context.registry(options);
    const arm = await context.arm();
    await requireAdmin(arm, path);
    return arm.post(`${path}/listCredentials`);
  },
});
