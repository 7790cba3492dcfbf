// What is said on stderr: warnings, notes, and the error that ends a command. For people as az says it; under
// `--error-format json` one JSON object when the command fails, with the warnings that came before it.
import { CliError, type ErrorKind, exitCodes } from './errors.ts';
import { paintFor } from './output/paint.ts';
import type { ErrorFormat } from './parse/globals.ts';

export interface Reporter {
  /** Shown at once; held back under JSON, since nothing may stand before the object. */
  warn(text: string): void;
  note(label: 'INFO' | 'DEBUG', text: string): void;
  /** @returns the exit code */
  fail(error: unknown): number;
  /** Shows what was held back. */
  end(): void;
}

interface Place {
  env: NodeJS.ProcessEnv;
  stderr: NodeJS.WriteStream;
}

/** Looked for before anything is parsed: what does not parse is reported in it, too. */
export function errorFormatOf(words: readonly string[], env: NodeJS.ProcessEnv): ErrorFormat {
  const at = words.findLastIndex((word) => /^--error-format(=|$)/.test(word));
  const asked = at < 0 ? env.ACRC_ERROR_FORMAT : (words[at]!.split('=')[1] ?? words[at + 1]);
  return asked?.toLowerCase() === 'json' ? 'json' : 'text';
}

export function createReporter(place: Place, format: ErrorFormat, debug: boolean): Reporter {
  return format === 'json' ? jsonReporter(place, debug) : textReporter(place, debug);
}

const colours = { ERROR: 'red', WARNING: 'yellow', INFO: 'cyan', DEBUG: 'dim' } as const;

function textReporter({ stderr, env }: Place, debug: boolean): Reporter {
  const say = (label: keyof typeof colours, text: string): void => {
    stderr.write(`${paintFor(stderr, env)(colours[label], `${label}:`)} ${text}\n`);
  };
  return {
    warn: (text) => say('WARNING', text),
    note: say,
    fail: (error) => {
      const { exitCode, message, hint } = describeError(error, debug);
      say('ERROR', message);
      if (hint !== undefined) stderr.write(`${hint}\n`);
      if (debug && error instanceof Error && error.stack !== undefined) say('DEBUG', error.stack);
      return exitCode;
    },
    end: () => {},
  };
}

function jsonReporter({ stderr, env }: Place, debug: boolean): Reporter {
  const warnings: string[] = [];
  return {
    warn: (text) => void warnings.push(text),
    note: () => {},
    fail: (error) => {
      const described = describeError(error, debug);
      const stack = debug && error instanceof Error ? { stack: error.stack } : {};
      stderr.write(`${JSON.stringify({ error: { ...described, ...stack }, warnings })}\n`);
      return described.exitCode;
    },
    end: () => {
      const text = textReporter({ stderr, env }, debug);
      for (const warning of warnings) text.warn(warning);
    },
  };
}

export interface DescribedError {
  kind: ErrorKind;
  exitCode: number;
  /** The service's own, e.g. `ResourceNotFound`. */
  code?: string;
  /** HTTP, when a service refused. */
  status?: number;
  message: string;
  /** What to do next. */
  hint?: string;
}

function describeError(error: unknown, debug: boolean): DescribedError {
  if (!(error instanceof CliError)) {
    // Whatever was not foreseen is shown whole under --debug: it is a defect of acrc or of the machine.
    const message = error instanceof Error ? error.message : String(error);
    const hint = debug ? {} : { hint: 'Run again with --debug to see more.' };
    return { kind: 'failure', exitCode: exitCodes.failure, message, ...hint };
  }
  const { kind, message, hint } = error;
  return {
    kind,
    exitCode: exitCodes[kind],
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...('status' in error && typeof error.status === 'number' && { status: error.status }),
    message,
    ...(hint !== undefined && { hint }),
  };
}
