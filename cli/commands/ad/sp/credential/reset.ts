// `az ad sp credential reset`: another password. What was got with the ones before ends at once.
import { command } from '../../../../command.ts';
import { findPrincipal, type PasswordCredential } from '../../../../client/graph.ts';
import { tenantOf } from '../../../../client/tenant.ts';
import { failure } from '../../../../errors.ts';
import { flag, text } from '../../../../parse/option.ts';
import { lifeOf, principalOptions, warnOfCredentials, years } from '../options.ts';

export default command({
  options: {
    ...principalOptions,
    append: flag('--append', 'Keep the passwords that there are.'),
    displayName: text('--display-name', 'A name for the password.'),
    endDate: text('--end-date', 'When the password ends, e.g. 2027-12-31 or 2027-12-31T11:59:59+00:00.'),
    years,
  },
  examples: [
    {
      purpose: 'Replace the password of a service principal.',
      line: 'acrc ad sp credential reset --id 00000000-1111-4222-8333-444444444444',
    },
    {
      purpose: 'Add a password, so that both work while clients change over.',
      line: 'acrc ad sp credential reset --id 00000000-1111-4222-8333-444444444444 --append --display-name next',
    },
  ],
  async run({ id, append, displayName, endDate, years }, context) {
    if (years !== undefined && endDate !== undefined) throw failure('usage error: --years | --end-date');
    const life = lifeOf(context, { years, endDate });
    const graph = await context.graph();
    const principal = await findPrincipal(graph, id);
    const path = `/servicePrincipals/${principal.id}`;
    if (!append) {
      for (const { keyId } of principal.passwordCredentials)
        await graph.post(`${path}/removePassword`, { keyId });
    }
    const made = await graph.post<PasswordCredential>(`${path}/addPassword`, {
      passwordCredential: { displayName, ...life },
    });
    warnOfCredentials(context);
    const { tenantId } = await tenantOf(context);
    return { appId: principal.appId, password: made.secretText, tenant: tenantId };
  },
});
