// Whose word the servers take for the host that a client asked for, beside that of proxies on the same machine.
import { isIP, isIPv4 } from 'node:net';
import { parserError } from '../errors.ts';
import { list, type Option } from '../parse/option.ts';

const summary =
  'Addresses or CIDR ranges of reverse proxies whose X-Forwarded-Host and X-Forwarded-Proto are believed. Those on this machine always are.';
const words = list('--trusted-proxies', summary);

export const trustedProxies: Option<string[] | undefined> = {
  ...words,
  read: (given) => {
    const ranges = words.read(given) ?? [];
    const wrong = ranges.find((range) => !isRange(range));
    if (wrong === undefined) return ranges;
    throw parserError(
      `argument --trusted-proxies: '${wrong}' is neither an address like 10.0.0.7 nor a range like 10.0.0.0/24`,
    );
  },
};

function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (isIP(address) === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}
