// What a command is: its options, examples, how its result looks, and what it does. `commands/<noun>/<verb>.ts` holds one
// each and exports it as its default; program.ts says under which words it is reached.
import type { Context } from './context.ts';
import type { View } from './output/view.ts';
import type { Options, Values } from './parse/option.ts';

export interface Example {
  /** What the example does, e.g. `Create a token that may pull one repository`. */
  purpose: string;
  line: string;
}

/** A command whose option types are forgotten, as the parser sees it. */
export interface Command {
  /** More than the one line that program.ts says, for the help page. */
  description?: string;
  options: Options;
  /** Two at least: a usual and a less usual one. Each must parse. */
  examples: readonly [Example, ...Example[]];
  /**
   * Options that a person at a terminal is asked for, in this order, when a required one is missing: each that was not given
   * and whose condition holds for the values so far.
   */
  guide?: Guide | undefined;
  /** It is a server in this very process, unless its words say `--detach`: Node gets a server's flags before it begins. */
  serves?: true;
  /** How the result is flattened for JSON and what its table shows. Absent: as it is. */
  view?: View;
  /** @returns what goes to stdout; undefined prints nothing */
  run(options: Record<string, unknown>, context: Context): Promise<unknown>;
}

export type Guide = Readonly<Record<string, (values: Readonly<Record<string, unknown>>) => boolean>>;

export interface Definition<O extends Options> extends Omit<Command, 'run' | 'guide'> {
  options: O;
  guide?: { readonly [K in keyof O]?: (values: Values<O>) => boolean };
  run(options: Values<O>, context: Context): Promise<unknown>;
}

/** Lets `run` know the types of the command's own options: the parser builds its values from these very options. */
export function command<const O extends Options>(definition: Definition<O>): Command {
  return definition as Command;
}
