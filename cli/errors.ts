// The command line's vocabulary of failure. Anything below main.ts may throw one of these; main.ts is the one place that
// prints them (report.ts) and picks the exit code.
export type ErrorKind = keyof typeof exitCodes;

/** Error kind -> exit code; zero is success. docs/command-line.md shows this table, and a test compares them. */
export const exitCodes = {
  /** A rule, a service or the machine said no. */
  failure: 1,
  /** The user answered no. */
  declined: 1,
  /** The words on the command line do not parse. */
  parser: 2,
  /** The control plane or a registry answered 404. */
  missing: 3,
  /** The user pressed Ctrl-C at a question. */
  interrupted: 130,
} as const;

export class CliError extends Error {
  readonly kind: ErrorKind;
  /** Further lines for people: what to do next. */
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.kind = kind;
    this.hint = options.hint;
  }
}

export function failure(message: string, hint?: string): CliError {
  return new CliError('failure', message, hint === undefined ? {} : { hint });
}

export function parserError(message: string, hint?: string): CliError {
  return new CliError('parser', message, hint === undefined ? {} : { hint });
}
