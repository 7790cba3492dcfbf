// Packages without what this product never asks of them, so that commands start at once and nodes stay small. Fetch, forms,
// HTTP/2, redirects and proxies are most of what axios takes to load, in every command that asks the control plane anything:
// Node's own fetch is loaded by a mere look at it. A table of replacements; one that no longer finds its place ends the build.
import { readFile } from 'node:fs/promises';
import { constants } from 'node:zlib';
import type { Plugin } from 'rolldown';

interface Replacement {
  /** The end of the module's path. */
  module: string;
  /** Absent: the whole module. */
  text?: string;
  by: string;
}

const http2 = "const http2 = { connect() { throw new Error('HTTP/2 is not part of this build'); } };";

/** In place of an import whose name is `name`. */
function whenUsed(name: string): string {
  return `const ${name} = new Proxy({}, { get: (_, key) => process.getBuiltinModule('${name}')[key] });`;
}

const zlibFlushes = {
  Z_SYNC_FLUSH: constants.Z_SYNC_FLUSH,
  BROTLI_OPERATION_FLUSH: constants.BROTLI_OPERATION_FLUSH,
  ZSTD_e_flush: constants.ZSTD_e_flush,
};

const replacements: readonly Replacement[] = [
  // Requests go by node:http; without an adapter named `fetch` axios says so itself when it is asked for one.
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
  // No request asks for HTTP/2.
  {
    module: '/axios/lib/adapters/http.js',
    text: "import http2 from 'http2';",
    by: http2,
  },
  { module: '/axios/lib/helpers/Http2Sessions.js', text: "import http2 from 'http2';", by: http2 },
  // No request follows redirects (maxRedirects: 0) or goes through a proxy (proxy: false).
  {
    module: '/axios/lib/adapters/http.js',
    text: "import followRedirects from 'follow-redirects';",
    by: "const unfollowed = { request() { throw new Error('redirects are not part of this build'); } }; const followRedirects = { http: unfollowed, https: unfollowed };",
  },
  {
    module: '/axios/lib/adapters/http.js',
    text: "import HttpsProxyAgent from 'https-proxy-agent';",
    by: "class HttpsProxyAgent { constructor() { throw new Error('proxies are not part of this build'); } }",
  },
  // No agent has a proxy of its own; to see whether Node's would is a millisecond.
  {
    module: '/axios/lib/adapters/http.js',
    text: '!process.allowedNodeEnvironmentFlags ||',
    by: 'true ||',
  },
  // Loaded by who uses them: no command does that asks the control plane of its machine.
  { module: '/axios/lib/adapters/http.js', text: "import https from 'https';", by: whenUsed('https') },
  { module: '/axios/lib/adapters/http.js', text: "import zlib from 'zlib';", by: whenUsed('zlib') },
  {
    module: '/axios/lib/adapters/http.js',
    text: 'utils.isFunction(zlib.createBrotliDecompress)',
    by: 'true',
  },
  { module: '/axios/lib/adapters/http.js', text: 'utils.isFunction(zlib.createZstdDecompress)', by: 'true' },
  ...Object.entries(zlibFlushes).map(([name, value]) => ({
    module: '/axios/lib/adapters/http.js',
    text: `zlib.constants.${name}`,
    by: String(value),
  })),
  ...['adapters/http.js', 'helpers/Http2Sessions.js', 'helpers/formDataToStream.js'].map((file) => ({
    module: `/axios/lib/${file}`,
    text: "import util from 'util';",
    by: whenUsed('util'),
  })),
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
