// A layout as a tar (what `skopeo copy … oci-archive:` and `docker save` write): one pass over the headers finds out where
// each file begins, then the tar is read at those places and never unpacked.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { failure } from '../errors.ts';
import type { Layout, Place } from './layout.ts';

/** tar-stream says where an entry's content begins; its types do not. */
type PlacedHeaders = Header & { byteOffset: number };

const entriesMax = 100_000;

function isPlaced(headers: Header): headers is PlacedHeaders {
  return 'byteOffset' in headers && typeof headers.byteOffset === 'number';
}

/** @throws CliError when it is no tar */
export async function openTar(path: string): Promise<Layout> {
  const places = new Map<string, Place>();
  const unpack = extract();
  unpack.on('entry', (headers, content, next) => {
    if (!isPlaced(headers)) return next(new Error('tar-stream does not say where an entry begins'));
    const { name, type, size, byteOffset } = headers;
    if (type === 'file')
      places.set(name.replace(/^\.\//, ''), { file: path, start: byteOffset, bytes: size });
    content.on('end', () => next(places.size > entriesMax ? new Error('too many files') : null));
    content.resume();
  });
  try {
    await pipeline(createReadStream(path), unpack);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failure(
      `'${path}' is not a folder and not a readable tar: ${reason}.`,
      'A compressed tar must be unpacked first, e.g. with gunzip.',
    );
  }
  return { path, locate: (name) => Promise.resolve(places.get(name)) };
}
