#!/usr/bin/env node
// The executable. It is CommonJS in plain JavaScript (see package.json beside it), so that a Node too old to
// run TypeScript still reaches the sentence that says so.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`ERROR: acrc needs Node 22.18 or newer, and this is Node ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  require('node:module').enableCompileCache?.();
  // Each push waits for the disk on a thread of libuv's pool; with its four, eight pushes would wait for each other.
  process.env.UV_THREADPOOL_SIZE ??= '16';
  void import('../cli/main.ts').then(({ main }) => main(process));
}
