// What an access token is for. Clients ask for a resource by the URL that their cloud's description gave them; ARM, Graph
// and the registries' exchange accept different ones (Azure CLI, `az acr login`).

export const audienceKinds = ['arm', 'graph', 'registry'] as const;
export type AudienceKind = (typeof audienceKinds)[number];

/** Of the public cloud: clients that were not told otherwise ask for these. */
const publicHosts: ReadonlyMap<string, AudienceKind> = new Map([
  ['management.core.windows.net', 'arm'],
  ['management.azure.com', 'arm'],
  ['graph.microsoft.com', 'graph'],
  ['containerregistry.azure.net', 'registry'],
]);

/** Below the control plane's own address: what its description calls the resource of Graph. */
export const graphPath = '/graph';

/**
 * @param resource a URL, with or without slashes at its end
 * @param host where the request arrived: this control plane itself is an audience
 */
export function audienceKind(resource: string, host: string): AudienceKind | undefined {
  const url = URL.canParse(resource) ? new URL(resource) : undefined;
  if (!url) return undefined;
  if (url.host !== host) return publicHosts.get(url.host);
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return 'arm';
  return `/${segments.join('/')}` === graphPath ? 'graph' : undefined;
}
