// What a node tells of the disk under its data folder.
import { statfs } from 'node:fs/promises';
import type { Content } from '../content/content.ts';

const damagedMax = 100;

/** Free is what a program that is not the superuser's may still write there. */
export async function diskOf(folder: string): Promise<{ totalBytes: number; freeBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

/** Digests of what it has lost; the first hundred. */
export async function damagedIn(content: Content): Promise<string[]> {
  const { blobs, manifests } = await content.damage(damagedMax);
  return [...blobs, ...manifests].slice(0, damagedMax).map(({ digest }) => digest);
}
