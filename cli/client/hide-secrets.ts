// What --debug may show of a body. A secret is known by the name of its property, in JSON and in forms alike.
const secretNames =
  /^(value|password|secret|secret_?text|authorization|client_?secret|sync_?token_?password|((access|refresh|id)_?)?token|connection_?string|assertion|service_?uri)$/i;
const shownCharactersMax = 4000;

export function hideSecrets(body: unknown): string {
  if (body === undefined || body === null || body === '') return '';
  if (body instanceof URLSearchParams) return hideInForm(body);
  if (body instanceof Uint8Array) return `(${body.byteLength} bytes)`;
  if (typeof body === 'object' && 'pipe' in body) return '(a stream)';
  const text = typeof body === 'string' ? body : JSON.stringify(body, hideProperty);
  return text.length > shownCharactersMax
    ? `${text.slice(0, shownCharactersMax)}… (${text.length} characters)`
    : text;
}

function hideInForm(form: URLSearchParams): string {
  return [...form].map(([name, value]) => `${name}=${secretNames.test(name) ? '***' : value}`).join('&');
}

/** Lists named `value` are ARM's; a text of that name is a password. A webhook's headers are secret whatever they are called. */
function hideProperty(name: string, value: unknown): unknown {
  if (name === 'customHeaders' && typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.keys(value).map((header) => [header, '***']));
  }
  return secretNames.test(name) && typeof value === 'string' ? '***' : value;
}
