// `az acr token credential delete`: the passwords that stay are sent, the others go.
import { command } from '../../../command.ts';
import type { PasswordName, Token } from '../../../client/resources.ts';
import { failure } from '../../../errors.ts';
import { flag } from '../../../parse/option.ts';
import { tokenView } from '../../../views/token.ts';
import { tokenOptions } from '../options.ts';

export default command({
  options: {
    ...tokenOptions,
    password1: flag('--password1', 'Delete password1.'),
    password2: flag('--password2', 'Delete password2.'),
  },
  examples: [
    {
      purpose: 'Delete password2.',
      line: 'acrc token credential delete -n reader -r myregistry --password2',
    },
    {
      purpose: 'Delete both: nobody signs in with it any more.',
      line: 'acrc token credential delete -n reader -r myregistry --password1 --password2',
    },
  ],
  view: tokenView,
  async run({ name, password1, password2, ...options }, context) {
    const unwanted: PasswordName[] = [
      ...(password1 ? ['password1' as const] : []),
      ...(password2 ? ['password2' as const] : []),
    ];
    if (unwanted.length === 0)
      throw failure('No credentials to delete.', 'Give --password1, --password2 or both.');
    const id = (await context.registry(options)).child('tokens', name);
    const arm = await context.arm();
    const { credentials } = (await arm.get<Token>(id)).properties;
    const existing = (credentials?.passwords ?? []).map((password) => password.name);
    const absent = unwanted.find((password) => !existing.includes(password));
    if (absent !== undefined) {
      const title = absent.charAt(0).toUpperCase() + absent.slice(1);
      throw failure(`Unable to perform operation. ${title} credential doesn't exist.`);
    }
    const passwords = existing
      .filter((password) => !unwanted.includes(password))
      .map((password) => ({ name: password }));
    return arm.patch<Token>(id, { properties: { credentials: { passwords } } });
  },
});
