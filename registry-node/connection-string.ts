// `ConnectedRegistryName=…;SyncTokenName=…;SyncTokenPassword=…;ParentGatewayEndpoint=…;ParentEndpointProtocol=https`,
// as Azure writes it. Values may hold `=`, so each pair is split at its first one.
export interface ConnectionString {
  connectedRegistryName: string;
  syncTokenName: string;
  syncTokenPassword: string;
  /** Host, and port when it is not the protocol's own. */
  parentGatewayEndpoint: string;
  parentEndpointProtocol: 'https' | 'http';
}

const keys = {
  ConnectedRegistryName: 'connectedRegistryName',
  SyncTokenName: 'syncTokenName',
  SyncTokenPassword: 'syncTokenPassword',
  ParentGatewayEndpoint: 'parentGatewayEndpoint',
  ParentEndpointProtocol: 'parentEndpointProtocol',
} as const satisfies Record<string, keyof ConnectionString>;
type Key = keyof typeof keys;

/** Names the key that is wrong and what to do; never shows the password. */
export class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
}

/** @throws ConnectionStringError */
export function parseConnectionString(text: string): ConnectionString {
  const found = new Map<Key, string>();
  for (const pair of text.trim().split(';')) {
    if (pair.trim() === '') continue;
    const equals = pair.indexOf('=');
    const key = (equals < 0 ? pair : pair.slice(0, equals)).trim();
    if (equals < 0) throw fail(`'${shorten(key)}' has no '='; expected Key=value pairs separated by ';'`);
    if (!isKey(key)) {
      throw fail(`unknown key '${shorten(key)}'; the keys are ${Object.keys(keys).join(', ')}`);
    }
    if (found.has(key)) throw fail(`${key} is given twice`);
    found.set(key, pair.slice(equals + 1).trim());
  }
  const value = (key: Key): string => {
    const text = found.get(key);
    if (!text) throw fail(`${key} is ${text === undefined ? 'missing' : 'empty'}`);
    if (text.startsWith('<')) throw new ConnectionStringError(stillPlaceholder(key, text));
    return text;
  };
  return {
    connectedRegistryName: value('ConnectedRegistryName'),
    syncTokenName: value('SyncTokenName'),
    syncTokenPassword: value('SyncTokenPassword'),
    parentGatewayEndpoint: endpoint(value('ParentGatewayEndpoint')),
    parentEndpointProtocol: protocol(value('ParentEndpointProtocol')),
  };
}

export function formatConnectionString(connection: ConnectionString): string {
  return Object.entries(keys)
    .map(([key, property]) => `${key}=${connection[property]}`)
    .join(';');
}

function isKey(text: string): text is Key {
  return Object.hasOwn(keys, text);
}

function endpoint(text: string): string {
  const url = URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : undefined;
  const bare = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!bare || text.includes('/')) {
    throw fail(`ParentGatewayEndpoint is '${text}'; expected a host, or host:port, without a scheme or path`);
  }
  return text;
}

function protocol(text: string): 'https' | 'http' {
  const lower = text.toLowerCase();
  if (lower === 'https' || lower === 'http') return lower;
  throw fail(`ParentEndpointProtocol is '${text}'; expected https or http`);
}

/** What the command that made the string could not know, or was not asked for. */
function stillPlaceholder(key: Key, text: string): string {
  const says = `The connection string is not valid: ${key} still holds the placeholder '${text}'.`;
  if (key === 'SyncTokenPassword')
    return `${says} Make a password with 'acrc connected-registry get-settings --generate-password 1'.`;
  if (key !== 'ParentGatewayEndpoint') return `${says} Put the real value there.`;
  return (
    `${says} Put the address there at which this site reaches its parent, like plant.example.com:8080; once the parent's node ` +
    "runs, 'acrc connected-registry get-settings' fills in the one that it listens at."
  );
}

function fail(reason: string): ConnectionStringError {
  return new ConnectionStringError(
    `The connection string is not valid: ${reason}. Copy it whole from 'acrc connected-registry get-settings'.`,
  );
}

/** A key that is not one may be a piece of a password. */
function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 8)}…` : text;
}
