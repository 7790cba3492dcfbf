// The HTTP proxy on the way out: of a node to its parent, of a control plane to receivers of webhooks and sources of imports.
import { parserError } from '../errors.ts';
import { type Option, text } from '../parse/option.ts';

/** What holds a password goes by the environment. */
export const proxyVariable = 'HTTPS_PROXY';

export const parentProxy = proxyOption('--parent-proxy', 'it reaches its parent');
export const outgoingProxy = proxyOption('--outgoing-proxy', 'it tells webhooks and fetches imports');

/** @param purpose what it is for, as part of a sentence */
function proxyOption(name: string, purpose: string): Option<URL | undefined> {
  const words = text(
    name,
    `HTTP proxy through which ${purpose} by TLS, like http://proxy.example.com:3128. NO_PROXY in the environment lists hosts that need none.`,
    { env: proxyVariable },
  );
  return {
    ...words,
    fallback: undefined,
    read: (given) => {
      const written = words.read(given);
      // A variable that is set and empty names none.
      if (written === undefined || written === '') return undefined;
      const url = parse(written);
      if (url) return url;
      // It may hold a password, so it is not said again.
      throw parserError(
        `argument ${name} (${proxyVariable}): that is no HTTP proxy: expected http://host:port, with user:password@ before the host where it asks for them, or '' for none`,
      );
    },
  };
}

function parse(written: string): URL | undefined {
  // Without a scheme it is one for HTTP, as curl has it.
  const url = URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `http://${written}`);
  if (url?.protocol !== 'http:' || url.hostname === '') return undefined;
  return url.pathname === '/' && !url.search && !url.hash ? url : undefined;
}
