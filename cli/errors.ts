// The command line's vocabulary of failure. Anything below main.ts may throw one of these; main.ts is the one place that
// prints them and picks the exit code.
export type ErrorKind =
  /** The words on the command line do not parse. */
  | 'parser'
  /** A rule, a service or the machine said no. */
  | 'failure'
  /** The user answered no. */
  | 'declined'
  /** The control plane answered 404. */
  | 'missing';

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
