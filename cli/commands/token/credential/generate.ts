// `az acr token credential generate`: the one time that a password is shown.
import { command } from '../../../command.ts';
import type { GeneratedCredentials } from '../../../client/resources.ts';
import { flag, text } from '../../../parse/option.ts';
import { generatedCredentialsView } from '../../../views/token.ts';
import { expirationOptions, expiryOf, tokenOptions } from '../options.ts';

export default command({
  options: {
    ...tokenOptions,
    password1: flag('--password1', 'Make password1 only.'),
    password2: flag('--password2', 'Make password2 only.'),
    ...expirationOptions,
    days: text('--days', 'The older name of --expiration-in-days.', { hidden: true }),
  },
  examples: [
    {
      purpose: 'Make a new password1 that ends after 30 days.',
      line: 'acrc token credential generate -n reader -r myregistry --password1 --expiration-in-days 30',
    },
    {
      purpose: 'Make both anew, and print the second one alone.',
      line: 'acrc token credential generate -n reader -r myregistry --query "passwords[1].value" -o tsv',
    },
  ],
  view: generatedCredentialsView,
  async run({ name, password1, password2, days, ...options }, context) {
    if (days !== undefined) {
      context.warn(
        "Option '--days' has been deprecated and will be removed in a future release. Use '--expiration-in-days' instead.",
      );
    }
    const expirationInDays = options.expirationInDays ?? days;
    const expiry = expiryOf({ ...options, expirationInDays }, context.clock);
    const registry = await context.registry(options);
    const one = password1 ? 'password1' : 'password2';
    return (await context.arm()).post<GeneratedCredentials>(`${registry.path}/generateCredentials`, {
      tokenId: registry.child('tokens', name),
      // Both or none of the flags: both passwords.
      ...(password1 !== password2 && { name: one }),
      ...(expiry !== undefined && { expiry }),
    });
  },
});
