// `az acr token credential generate`: the one time that a password is shown.
import { command } from '../../../command.ts';
import type { GeneratedCredentials } from '../../../client/resources.ts';
import { flag } from '../../../parse/option.ts';
import { generatedCredentialsView } from '../../../views/token.ts';
import { expirationOptions, expiryOf, tokenOptions } from '../options.ts';

export default command({
  options: {
    ...tokenOptions,
    password1: flag('--password1', 'Make password1 only.'),
    password2: flag('--password2', 'Make password2 only.'),
    ...expirationOptions,
  },
  examples: [
    {
      purpose: 'Make a new password1 that ends after 30 days.',
      line: 'acrc token credential generate -n reader -r myregistry --password1 --expiration-in-days 30',
    },
  ],
  view: generatedCredentialsView,
  async run({ name, password1, password2, ...options }, context) {
    const expiry = expiryOf(options, context.clock);
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
