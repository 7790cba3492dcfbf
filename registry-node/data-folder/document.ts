// A small JSON document that survives a power cut: what a node must remember between two starts. It holds verifiers of
// passwords, so it is written as a secret is: a reader finds the old one or the new one and never a piece.
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { writeSecretFile } from './secret-file.ts';

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
          writing = writeSecretFile(path, JSON.stringify(value));
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
