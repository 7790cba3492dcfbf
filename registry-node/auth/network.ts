// Whom a bound per address holds. Who has an IPv6 address has a whole network of them, a /64 at least (RFC 6177), and would
// never meet a bound that took them one by one.
import ipaddr from 'ipaddr.js';

/** What proxies forward without an address, or with something else than one: all of it together. */
const unknown = 'unknown';

/** @param address of a client, as a connection or a trusted proxy names it; some proxies add the port */
export function networkOf(address: string): string {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1');
  if (!ipaddr.isValid(bare)) return unknown;
  // An IPv4 address that is written as IPv6 is that IPv4 address.
  const parsed = ipaddr.process(bare);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
