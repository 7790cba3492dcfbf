// `az acr credential renew`: one password is replaced, so that clients can move to the other one first.
import { command } from '../../command.ts';
import { registryByName } from '../../options/registry.ts';
import { choice } from '../../parse/option.ts';
import { adminCredentialsView, requireAdmin } from './credentials-view.ts';

export default command({
  options: {
    ...registryByName,
    passwordName: choice('--password-name', 'Which password to make anew.', ['password', 'password2'], {
      required: true,
    }),
  },
  examples: [
    {
      purpose: 'Make the second admin password anew.',
      line: 'acrc credential renew -n myregistry --password-name password2',
    },
    {
      purpose: 'Make the first one anew and print it alone.',
      line: "acrc credential renew -n myregistry --password-name password --query 'passwords[0].value' -o tsv",
    },
  ],
  view: adminCredentialsView,
  async run({ passwordName, ...options }, context) {
    const { path } = await context.registry(options);
    const arm = await context.arm();
    await requireAdmin(arm, path);
    return arm.post(`${path}/regenerateCredential`, { name: passwordName });
  },
});
