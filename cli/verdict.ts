// Commands that answer a question print their answer either way; the exit code says it to scripts.
import type { Context } from './context.ts';

/** Exit code 0 when `yes`, else 1, whatever is printed. */
export function verdict({ process }: Pick<Context, 'process'>, yes: boolean): void {
  process.exitCode = yes ? 0 : 1;
}
