// What is kept of a delivery, in the shapes and the order of keys that `listEvents` shows. Secrets are not kept twice:
// the values of a webhook's own headers, the password and the query of its address are masked.
export interface RequestMessage {
  headers: Record<string, string>;
  method: 'POST';
  requestUri: string;
  version: '1.1';
}

export interface ResponseMessage {
  content?: string;
  headers: Record<string, string>;
  /** Without an answer: why there is none. */
  reasonPhrase: string;
  statusCode?: string;
  version: '1.1';
}

const mask = '******';
/** Of an answer's head. */
const headerCharactersMax = 1024;
const headersMax = 64;

/** @param own the headers that the webhook was given; @param sent what the request says beside them */
export function toRequestMessage(
  uri: URL,
  own: Readonly<Record<string, string>>,
  sent: Readonly<Record<string, string>>,
): RequestMessage {
  const masked = Object.fromEntries(Object.keys(own).map((name) => [name, mask]));
  return { headers: { ...masked, ...sent }, method: 'POST', requestUri: withoutSecrets(uri), version: '1.1' };
}

export function toResponseMessage(answer: {
  statusCode: number;
  statusText: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  content: string;
}): ResponseMessage {
  const headers = Object.entries(answer.headers)
    .slice(0, headersMax)
    .map(([name, value]) => [titled(name), [value ?? ''].flat().join(', ').slice(0, headerCharactersMax)]);
  return {
    content: answer.content,
    headers: Object.fromEntries(headers),
    reasonPhrase: answer.statusText,
    statusCode: String(answer.statusCode),
    version: '1.1',
  };
}

export function toNoResponse(reason: string): ResponseMessage {
  return { headers: {}, reasonPhrase: `Not delivered: ${reason}`, version: '1.1' };
}

function withoutSecrets(uri: URL): string {
  const shown = new URL(uri);
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  if (shown.search !== '') shown.search = mask;
  return shown.href;
}

/** `content-type` as it is usually written. */
function titled(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
