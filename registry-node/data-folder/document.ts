// A small JSON document that survives a power cut: what a node must remember between two starts. Written beside its
// place, synced, then renamed into it, so that a reader finds the old one or the new one and never a piece.
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

export interface Document<T> {
  readonly value: T;
  /** Durable when it resolves. Saves that overlap are written in order; only the newest of those waiting is. */
  save(value: T): Promise<void>;
}

/** @throws Error naming the file when it holds something else than `schema` says */
export async function openDocument<T>(path: string, schema: z.ZodType<T>, initial: T): Promise<Document<T>> {
  let value = (await read(path, schema)) ?? initial;
  let writing: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return {
    get value() {
      return value;
    },
    save(newer) {
      value = newer;
      waiting ??= writing
        .catch(() => undefined)
        .then(() => {
          waiting = undefined;
          writing = write(path, JSON.stringify(value));
          return writing;
        });
      return waiting;
    },
  };
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `${path} is damaged. Remove it and start again: the node then asks its parent for everything it held.`,
      { cause: error },
    );
  }
}

async function write(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
