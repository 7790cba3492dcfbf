// The flags of Node that a server runs with. A process that is detached gets them from the start; one in the foreground gives
// itself the same program once more, with them, in its own place: its process id and its standard streams stay.

export const serverFlags: readonly string[] = [
  // A server's garbage is short-lived buffers. In a nursery of V8's default size they would push its memory up by some 40 MB
  // before anything is collected, for no measurable gain in speed.
  '--max-semi-space-size=2',
  // Threads of V8's own, for compiling and collecting: two do for a process that computes on one, and each keeps half a megabyte.
  '--v8-pool-size=2',
];

/** Does not come back where flags were missing. To be called before anything is read or opened, since all that would be lost. */
export function takeServerFlags(process: NodeJS.Process): void {
  const { execPath, execArgv, argv, env } = process;
  const missing = serverFlags.filter((flag) => !execArgv.includes(flag));
  // The channel to a parent process would be lost; Windows cannot replace a process, and a server does without there.
  if (missing.length === 0 || process.connected || process.platform === 'win32') return;
  process.execve?.(execPath, [execPath, ...execArgv, ...missing, ...argv.slice(1)], env);
}
