// Colour for a few words, where a terminal shows it: decided for each stream by itself, since stdout may be a pipe while
// stderr is not. Whole results are coloured by colour.ts.
import { styleText } from 'node:util';

export type Paint = (style: 'red' | 'yellow' | 'cyan' | 'dim' | 'bold' | 'green', text: string) => string;

/** NO_COLOR (any text) says no; FORCE_COLOR (not 0 or false) says yes, also to a pipe; else a terminal that is not dumb. */
export function wantsColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return !/^(0|false)$/.test(env.FORCE_COLOR);
  return stream.isTTY === true && env.TERM !== 'dumb';
}

export function paintFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  if (!wantsColour(stream, env)) return (_, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}
