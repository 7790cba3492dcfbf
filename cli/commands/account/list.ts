// `az account list`.
import { command } from '../../command.ts';
import { accountView } from '../../views/account.ts';
import { listAccounts } from './accounts.ts';

export default command({
  options: {},
  examples: [
    { purpose: 'List the subscriptions.', line: 'acrc account list -o table' },
    {
      purpose: 'Get the id of the one that is used.',
      line: 'acrc account list --query "[?isDefault].id" -o tsv',
    },
  ],
  view: accountView,
  run: (_, context) => listAccounts(context),
});
