// An OCI image layout (image-spec image-layout.md) on this machine: a folder, or a tar of one. Both answer the same
// question, in which file and where the bytes of a path are, so everything else reads them alike.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Digest, digestAlgorithm, digestHex, digestOf } from '../../registry-node/oci/digest.ts';
import { failure } from '../errors.ts';
import { openFolder } from './folder.ts';
import { openTar } from './tar.ts';

/** Where bytes are: `bytes` of them in `file`, from `start` on. */
export interface Place {
  file: string;
  start: number;
  bytes: number;
}

export interface Layout {
  /** What the user named. */
  readonly path: string;
  /** @param name relative, with `/`: `index.json`, `blobs/sha256/…`; undefined when there is none */
  locate(name: string): Promise<Place | undefined>;
}

/** @throws CliError when there is no layout at `path` */
export async function openLayout(path: string): Promise<Layout> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw failure(`There is no file or folder '${path}'.`);
  return found.isDirectory() ? openFolder(path) : openTar(path);
}

function blobName(digest: Digest): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`;
}

/** @throws CliError when the layout lacks it */
export async function locateBlob(layout: Layout, digest: Digest): Promise<Place> {
  const place = await layout.locate(blobName(digest));
  if (place) return place;
  throw failure(`The image in '${layout.path}' is not complete: ${digest} is missing.`);
}

export function streamOf({ file, start, bytes }: Place): AsyncIterable<Buffer> {
  // An empty range cannot be said to a file stream: its end is the last byte that belongs to it.
  return bytes === 0 ? Readable.from([]) : createReadStream(file, { start, end: start + bytes - 1 });
}

/** A whole small blob, verified. @throws CliError when it is too large or damaged */
export async function readBlob(layout: Layout, digest: Digest, bytesMax: number): Promise<Uint8Array> {
  const bytes = await readWhole(layout, await locateBlob(layout, digest), bytesMax);
  const actual = digestOf(bytes, digestAlgorithm(digest));
  if (actual !== digest) throw damaged(layout, digest, actual);
  return bytes;
}

export async function readWhole(layout: Layout, place: Place, bytesMax: number): Promise<Uint8Array> {
  if (place.bytes > bytesMax) {
    throw failure(`'${layout.path}' holds a manifest of ${place.bytes} bytes; the most is ${bytesMax}.`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of streamOf(place)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function damaged(layout: Layout, expected: Digest, actual: Digest): Error {
  return failure(`The image in '${layout.path}' is damaged: what should be ${expected} is ${actual}.`);
}
