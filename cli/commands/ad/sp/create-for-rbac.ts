// `az ad sp create-for-rbac`: an application, its service principal, a password, and roles, in one go. An application of
// this name that exists is taken, and gets another password.
import { command } from '../../../command.ts';
import { type DirectoryObject, type Graph, type PasswordCredential, quoted } from '../../../client/graph.ts';
import { assignRole } from '../../../client/roles.ts';
import { tenantOf } from '../../../client/tenant.ts';
import type { Context } from '../../../context.ts';
import { failure } from '../../../errors.ts';
import { list, text } from '../../../parse/option.ts';
import { lifeOf, warnOfCredentials, years } from './options.ts';

export default command({
  options: {
    name: text('--name --display-name -n', 'Name of the service principal. Default: acrc- and the time.'),
    role: text('--role', 'Role of the service principal, by its name or id.'),
    scopes: list('--scopes', 'Ids of the subscription, resource groups or registries that the role is for.'),
    years,
  },
  examples: [
    {
      purpose: 'Create a service principal that may pull from a registry.',
      line: 'acrc ad sp create-for-rbac -n puller --role AcrPull --scopes /subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/acr-rg/providers/Microsoft.ContainerRegistry/registries/myregistry',
    },
    {
      purpose: 'Create one without a role, whose password lasts two years.',
      line: 'acrc ad sp create-for-rbac -n builder --years 2',
    },
  ],
  async run({ name, role, scopes, years }, context) {
    if ((role === undefined) !== (scopes === undefined)) {
      throw failure('Usage error: To create role assignments, specify both --role and --scopes.');
    }
    const graph = await context.graph();
    const application = await findOrCreate(context, graph, name ?? defaultName(context.clock.now()));
    const path = `/applications/${application.id}`;
    for (const { keyId } of application.passwordCredentials)
      await graph.post(`${path}/removePassword`, { keyId });
    const made = await graph.post<PasswordCredential>(`${path}/addPassword`, {
      passwordCredential: { displayName: 'rbac', ...lifeOf(context, { years }) },
    });
    const principal = await principalOf(graph, application.appId);
    for (const scope of scopes ?? []) {
      context.warn(`Creating '${role}' role assignment under scope '${scope}'`);
      await assignRole(await context.arm(), { scope, role: role!, principalId: principal.id }, true);
    }
    warnOfCredentials(context);
    const { tenantId } = await tenantOf(context);
    return {
      appId: application.appId,
      displayName: application.displayName,
      password: made.secretText,
      tenant: tenantId,
    };
  },
});

async function findOrCreate(context: Context, graph: Graph, displayName: string): Promise<DirectoryObject> {
  const found = await graph.list<DirectoryObject>('/applications', `displayName eq ${quoted(displayName)}`);
  const [existing] = found;
  if (found.length > 1) {
    throw failure(
      `More than one application have the same display name '${displayName}': (id) ${found.map(({ id }) => id).join(', ')}, please remove them first.`,
    );
  }
  if (!existing) return graph.post('/applications', { displayName });
  context.warn(`Found an existing application instance: (id) ${existing.id}. It gets a new password.`);
  return existing;
}

async function principalOf(graph: Graph, appId: string): Promise<DirectoryObject> {
  const [existing] = await graph.list<DirectoryObject>('/servicePrincipals', `appId eq ${quoted(appId)}`);
  return existing ?? graph.post('/servicePrincipals', { appId });
}

function defaultName(now: Date): string {
  return `acrc-${now.toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')}`;
}
