// What a webhook may be called, where it may be and what it may say.
import { isScope } from '../../cloud-registry/webhooks/scope.ts';
import { ArmError } from '../../arm/errors.ts';
import { keyOf } from '../../arm/resource-id.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { replicationKind } from '../replications/schema.ts';
import { normaliseLocation } from '../resource-groups/rules.ts';
import type { WebhookInput, WebhookProperties } from './schema.ts';

const namePattern = /^[a-zA-Z0-9]{5,50}$/;
const headerNamePattern = /^[\w!#$%&'*+.^`|~-]{1,256}$/;
/** Printable ASCII and tabs. */
const headerValuePattern = /^[\t\x20-\x7e]{0,4096}$/;
const headersMax = 50;
const serviceUriCharactersMax = 2048;
/** Of the connection rather than of the message: whoever sends decides them. */
const reservedHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @throws ArmError InvalidResourceName */
export function checkWebhookName(name: string): void {
  if (namePattern.test(name)) return;
  throw new ArmError(
    'InvalidResourceName',
    `The webhook name '${name}' is invalid: 5 to 50 letters and digits.`,
  );
}

/** The home region of the registry, or one it is replicated to. @throws ArmError InvalidResourceLocation */
export async function checkWebhookLocation(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  text: string,
): Promise<string> {
  const location = normaliseLocation(text);
  const replications = await reader.list(replicationKind, keyOf(registry.id));
  const known = [registry.location, ...replications.map((replication) => replication.location)];
  if (known.includes(location)) return location;
  throw new ArmError(
    'InvalidResourceLocation',
    `The registry ${registry.name} is not in the location '${location}'. A webhook is where its registry or a replication of it is.`,
    'location',
  );
}

/** What is given replaces what was. @throws ArmError InvalidPropertyValue */
export function mergeWebhook(before: WebhookProperties | undefined, input: WebhookInput): WebhookProperties {
  const after: WebhookProperties = {
    status: input.status ?? before?.status ?? 'enabled',
    scope: input.scope ?? before?.scope ?? '',
    actions: [...new Set(input.actions ?? before?.actions)],
    serviceUri: input.serviceUri ?? before?.serviceUri ?? '',
    customHeaders: input.customHeaders ?? before?.customHeaders ?? {},
  };
  if (after.actions.length === 0)
    throw invalid('actions', 'A webhook needs at least one action that it is told of.');
  if (!isScope(after.scope))
    throw invalid(
      'scope',
      `'${after.scope}' is not a scope. Expected repository, repository:tag or repository:*, each part with at most a '*' at its end.`,
    );
  checkServiceUri(after.serviceUri);
  checkHeaders(after.customHeaders);
  return after;
}

function checkServiceUri(text: string): void {
  const uri = URL.parse(text);
  const usable = uri !== null && ['http:', 'https:'].includes(uri.protocol) && isDecodable(uri);
  if (usable && text.length <= serviceUriCharactersMax) return;
  // The text is not repeated: it may hold a secret.
  throw invalid(
    'serviceUri',
    `The service URI is not an absolute http or https URL of at most ${serviceUriCharactersMax} characters.`,
  );
}

function isDecodable({ username, password }: URL): boolean {
  try {
    for (const part of [username, password]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const names = Object.keys(headers);
  if (names.length > headersMax)
    throw invalid(
      'customHeaders',
      `A webhook has at most ${headersMax} headers, and ${names.length} were given.`,
    );
  for (const [name, value] of Object.entries(headers)) {
    const allowed = headerNamePattern.test(name) && !reservedHeaders.has(name.toLowerCase());
    if (!allowed) throw invalid('customHeaders', `'${name}' is not a header that a webhook may send.`);
    if (!headerValuePattern.test(value))
      throw invalid(
        'customHeaders',
        `The value of the header '${name}' holds what no header may, or is too long.`,
      );
  }
}

function invalid(property: keyof WebhookProperties, message: string): ArmError {
  return new ArmError('InvalidPropertyValue', message, `properties.${property}`);
}
