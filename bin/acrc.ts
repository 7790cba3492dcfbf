#!/usr/bin/env node
// The executable. It is CommonJS in plain JavaScript (see package.json beside it), and in the words of old JavaScript, so that
// a Node too old to run the rest still reaches the sentence that says so. What is published is made from it (build/).
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 21)) {
  process.stderr.write(`ERROR: acrc needs Node 22.21 or newer, and this is Node ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  // Compiled code is run as it is found, so it is kept where nobody else writes, which a shared temporary folder is not.
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  const place = XDG_CACHE_HOME || LOCALAPPDATA || HOME;
  // Below what does not exist and cannot be made, Node would try for ever.
  if (place && require('node:fs').existsSync(place)) {
    require('node:module').enableCompileCache(`${place}${place === HOME ? '/.cache' : ''}/acrc`);
  }
  // Reading source maps takes time, so it is done only where stack traces are asked for.
  if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
  // Each push waits for the disk on a thread of libuv's pool; with its four, eight pushes would wait for each other. What
  // starts no server does without the time that starting threads takes.
  if (process.argv.includes('start') && process.env.UV_THREADPOOL_SIZE === undefined) {
    process.env.UV_THREADPOOL_SIZE = '16';
  }
  void import('../cli/main.ts').then(({ main }) => main(process));
}
