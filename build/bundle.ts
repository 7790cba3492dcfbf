// The product and the packages it uses as a few CommonJS files. Measured, `acrc --help` takes 31 ms so, 35 ms as ES modules,
// and 83 ms from the sources (an empty Node: 22 ms); a node holds 50 MB less than from the sources.
import { dirname, relative, resolve, sep } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { leanPackages } from './lean-packages.ts';

/**
 * What every command runs before its own file is one chunk: each file that is opened costs a third of a millisecond.
 * A command, and each library it asks for with import(), stays a chunk that is read when it is needed.
 */
const startUp =
  /\/cli\/(main|home|walk|not-offered|program|errors|report|output\/paint|parse\/nearest)\.ts$|\/registry-node\/(clock|version)\.ts$/;
/** What runs a command and shows its result. */
const running =
  /\/cli\/((run-command|context|command|interruption|prompt|defaults|config-store|private-folder|json-object|options\/(registry|yes))|output\/(render|table|fit|tsv|json|flatten|view))\.ts$/;
/** What asks the control plane. Not what has axios in it: a command may need the others' errors before it needs that. */
const asking =
  /\/cli\/(clouds|client\/(arm|arm-error|credential|hide-secrets|operation|patience|registry-id|registry-name|sign-in|signed-in))\.ts$/;
/** The way to it. */
const http = /\/cli\/client\/(http|connections|node-http|timely)\.ts$|\/node_modules\/axios\//;
/** What reads the words of a command and prints its help. */
const words = /\/cli\/(help\.ts|help\/|parse\/)|\/node_modules\/commander\//;

/** Asked for by Fastify only for routes with a JSON Schema, which this product has none of (no-json-schema.ts). */
const neverAsked = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler'];

/**
 * Writes main.js and chunks/ into `target`.
 * @returns the folders of the packages that became part of it, relative to `root`
 */
export async function bundle(root: string, target: string): Promise<string[]> {
  const build = await rolldown({
    cwd: root,
    input: { main: 'cli/main.ts' },
    platform: 'node',
    external: neverAsked,
    plugins: [leanPackages()],
    transform: { target: 'node22.21' },
    // It remarks on a machine that is slow, which is no reason to end.
    checks: { bundlerTimings: false },
    // What it cannot bundle would be missing where it is installed.
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  const { output } = await build.write({
    dir: target,
    format: 'cjs',
    dynamicImportInCjs: false,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
    sourcemapExcludeSources: true,
    // As they lie in the repository, beside the package's own files.
    sourcemapPathTransform: (path, map) =>
      fromPackage(relative(root, resolve(dirname(map), path)), relative(target, map)),
    // V8 keeps a source text with one character beyond Latin-1 in two bytes for each.
    charset: 'ascii',
    // Names stay, for stack traces; a source text is kept in memory as long as its code, so nothing else does.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: {
      groups: [
        { name: 'start', test: startUp, priority: 2 },
        { name: 'words', test: words, priority: 1 },
        { name: 'running', test: running, priority: 1 },
        { name: 'asking', test: asking },
        { name: 'http', test: http },
      ],
    },
  });
  await build.close();
  const modules = output
    .filter((file): file is OutputChunk => file.type === 'chunk')
    .flatMap(({ moduleIds }) => moduleIds);
  return [...new Set(modules.flatMap((path) => packageOf(relative(root, path))))].sort();
}

/** The path of a source as the source map `map` must name it, both paths from their roots. */
function fromPackage(source: string, map: string): string {
  return posix(relative(dirname(map), source));
}

function posix(path: string): string {
  return path.split(sep).join('/');
}

/** `node_modules/a/node_modules/@b/c` of a file in it. */
function packageOf(path: string): string[] {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(posix(path))?.slice(0, 1) ?? [];
}
