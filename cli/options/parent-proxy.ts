// The proxy through which a node reaches its parent.
import { parserError } from '../errors.ts';
import { type Option, text } from '../parse/option.ts';

export const parentProxyVariable = 'HTTPS_PROXY';
const words = text(
  '--parent-proxy',
  'HTTP proxy through which it reaches its parent by TLS, like http://proxy.example.com:3128. NO_PROXY in the environment lists hosts that need none.',
  { env: parentProxyVariable },
);

export const parentProxy: Option<URL | undefined> = {
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
      `argument --parent-proxy (${parentProxyVariable}): that is no HTTP proxy: expected http://host:port, with user:password@ before the host where it asks for them, or '' for none`,
    );
  },
};

function parse(written: string): URL | undefined {
  // Without a scheme it is one for HTTP, as curl has it.
  const url = URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `http://${written}`);
  if (url?.protocol !== 'http:' || url.hostname === '') return undefined;
  return url.pathname === '/' && !url.search && !url.hash ? url : undefined;
}
