// `GET /providers/Microsoft.ContainerRegistry/operations`: what a role can allow, as sentences for people.

interface Described {
  resource: string;
  actions?: Readonly<Record<string, string>>;
}

/** Type below the provider -> what people call it, and what can be done besides reading, writing and deleting it. */
const types: Readonly<Record<string, Described>> = {
  registries: {
    resource: 'Container Registry',
    actions: {
      importImage: 'Import an image to',
      listCredentials: 'List the login credentials of',
      regenerateCredential: 'Regenerate a login credential of',
      generateCredentials: 'Generate keys of a token of',
    },
  },
  'registries/scopeMaps': { resource: 'Scope Map' },
  'registries/tokens': { resource: 'Token' },
  'registries/connectedRegistries': {
    resource: 'Connected Registry',
    actions: { deactivate: 'Deactivate', resync: 'Resynchronise' },
  },
  'registries/replications': { resource: 'Replication' },
  'registries/webhooks': {
    resource: 'Webhook',
    actions: {
      ping: 'Send a ping event to',
      listEvents: 'List the recent events of',
      getCallbackConfig: 'Get the service URI and custom headers of',
    },
  },
};

/** Verb of a name like `…/registries/read` -> the same for people. */
const verbs = { read: 'Get or list', write: 'Create or update', delete: 'Delete' } as const;

export const providerOperations: object[] = Object.entries(types).flatMap(operationsOf);

function operationsOf([type, { resource, actions = {} }]: [string, Described]): object[] {
  const common = Object.entries(verbs).map(([verb, phrase]) =>
    operation(`${type}/${verb}`, resource, phrase),
  );
  const own = Object.entries(actions).map(([name, phrase]) =>
    operation(`${type}/${name}/action`, resource, phrase),
  );
  return [...common, ...own];
}

function operation(name: string, resource: string, phrase: string): object {
  return {
    name: `Microsoft.ContainerRegistry/${name}`,
    display: {
      provider: 'Microsoft Container Registry',
      resource,
      operation: `${phrase} ${resource}`,
      description: `${phrase} a ${resource.toLowerCase()}.`,
    },
  };
}
