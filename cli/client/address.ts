// Names become parts of addresses. One of dots alone would make an address that of something else, since every URL is tidied on
// its way: `…/myregistry/tokens/..` is the registry, and deleting that token would delete it.
import { failure } from '../errors.ts';

/**
 * @param path of the server `base`, or a whole URL
 * @throws CliError when a part of the path is `.` or `..`, plain or encoded
 */
export function addressOf(base: string, path: string): URL {
  const dots = path
    .split(/[?#]/)[0]!
    .split('/')
    .find((part) => /^(\.|%2e){1,2}$/i.test(part));
  if (dots !== undefined) throw failure(`'${dots}' cannot be a name.`);
  return new URL(path, base);
}
