// `az account show`: the subscription that commands work in, or the one that --subscription names.
import { command } from '../../command.ts';
import { findAccount } from './accounts.ts';

export default command({
  options: {},
  examples: [
    { purpose: 'Show the subscription and who is signed in.', line: 'acrc account show' },
    { purpose: 'Get its id.', line: 'acrc account show --query id -o tsv' },
  ],
  async run(_, context) {
    const account = await findAccount(context, context.globals.subscription);
    if (!account) return undefined;
    // az calls it otherwise in a list.
    const { cloudName: environmentName, ...shown } = account;
    return { environmentName, ...shown };
  },
});
