// Packages without what this product never asks of them, so that commands start at once and nodes stay small. Fetch, forms,
// HTTP/2, redirects and proxies are most of what axios takes to load, in every command that asks the control plane anything:
// Node's own fetch is loaded by a mere look at it. A table of replacements; one that no longer finds its place ends the build.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'rolldown';

interface Replacement {
  /** The end of the module's path. */
  module: string;
  /** Absent: the whole module. */
  text?: string;
  by: string;
}

/** In place of an import whose name is `name`. */
function whenUsed(name: string): string {
  return `const ${name} = new Proxy({}, { get: (_, key) => process.getBuiltinModule('${name}')[key] });`;
}

const replacements: readonly Replacement[] = [
  // Requests go by an adapter of our own (cli/client/node-http.ts); asked for one of these, axios says itself that it is not there.
  ...['http', 'xhr'].map((adapter) => ({
    module: `/axios/lib/adapters/${adapter}.js`,
    by: 'export default undefined;',
  })),
  { module: '/axios/lib/adapters/fetch.js', by: 'export const getFetch = () => undefined;' },
  // No request is a multipart form.
  {
    module: '/axios/lib/platform/node/classes/FormData.js',
    by: "export default class FormData { constructor() { throw new Error('forms are not part of this build'); } }",
  },
  {
    module: '/axios/lib/utils.js',
    text: "typeof G.FormData !== 'undefined' ? G.FormData : undefined",
    by: 'undefined',
  },
  // The same class; as a module, all of its properties are looked at.
  {
    module: '/axios/lib/platform/node/classes/URLSearchParams.js',
    by: 'export default URLSearchParams;',
  },
  // It makes the boundaries of forms.
  {
    module: '/axios/lib/platform/node/index.js',
    text: "import crypto from 'crypto';",
    by: whenUsed('crypto'),
  },
  // Looked at for whether this is a browser; Node loads its worker threads with it.
  {
    module: '/axios/lib/platform/common/utils.js',
    text: "(typeof navigator === 'object' && navigator) || undefined",
    by: 'undefined',
  },
  // Only to say how long a request took, which nobody asks; the other clock is loaded with Node's performance hooks.
  {
    module: '/axios/lib/core/dispatchRequest.js',
    text: "typeof performance !== 'undefined' && utils.isFunction(performance.now)",
    by: 'false',
  },
  // The same object; as a module, all of its hundred properties are looked at.
  { module: '/commander/lib/command.js', text: "import process from 'node:process';", by: '' },
  // No command is a program of its own.
  {
    module: '/commander/lib/command.js',
    text: "import childProcess from 'node:child_process';",
    by: "const childProcess = { spawn() { throw new Error('commands of their own are not part of this build'); } };",
  },
  // Nothing speaks HTTP/2, which is a megabyte in a node that is idle.
  {
    module: '/fastify/lib/server.js',
    text: "const http2 = require('node:http2')",
    by: "const http2 = { createServer() { throw new Error('HTTP/2 is not part of this build'); } };",
  },
  // Whatever logs is a process, and writes its log itself.
  {
    module: '/pino/lib/tools.js',
    text: "const { isMainThread } = require('worker_threads')",
    by: 'const isMainThread = true;',
  },
  {
    module: '/thread-stream/index.js',
    text: "const { Worker } = require('worker_threads')",
    by: "class Worker { constructor() { throw new Error('threads that log are not part of this build'); } }",
  },
];

export function leanPackages(): Plugin {
  const left = new Set(replacements);
  return {
    name: 'lean-packages',
    async load(id) {
      const found = replacements.filter(({ module }) => id.endsWith(module));
      if (found.length === 0) return null;
      let code = await readFile(id, 'utf8');
      for (const each of found) {
        if (each.text !== undefined && !code.includes(each.text)) continue;
        left.delete(each);
        code = each.text === undefined ? each.by : code.replaceAll(each.text, each.by);
      }
      return code;
    },
    buildEnd() {
      const lost = [...left].map(({ module, text = 'the module' }) => `${module}: ${text}`);
      if (lost.length > 0) throw new Error(`a package has changed, look again at ${lost.join('; ')}`);
    },
  };
}
