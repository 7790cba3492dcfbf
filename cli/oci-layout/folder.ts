// A layout as a folder: a path is a file.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

export function openFolder(path: string): Layout {
  return {
    path,
    locate: async (name) => {
      const file = join(path, ...name.split('/'));
      const found = await stat(file).catch(() => undefined);
      return found?.isFile() ? { file, start: 0, bytes: found.size } : undefined;
    },
  };
}
