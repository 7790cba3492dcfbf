// What an access token is for. Clients ask for a resource by the URL that their cloud's description gave them; ARM
// and the registries' exchange accept different ones (Azure CLI, `az acr login`).

/** Of the public cloud: clients that were not told otherwise ask for these. */
const armHosts: ReadonlySet<string> = new Set(['management.core.windows.net', 'management.azure.com']);
const registryHosts: ReadonlySet<string> = new Set(['containerregistry.azure.net']);

export type AudienceKind = 'arm' | 'registry';

/**
 * @param resource a URL, with or without a trailing slash or `/.default`
 * @param host where the request arrived: this control plane itself is an ARM audience
 */
export function audienceKind(resource: string, host: string): AudienceKind | undefined {
  const url = URL.canParse(resource) ? new URL(resource) : undefined;
  if (!url) return undefined;
  if (registryHosts.has(url.host)) return 'registry';
  return armHosts.has(url.host) || url.host === host ? 'arm' : undefined;
}
