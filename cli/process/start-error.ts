// Why a server could not start, in words that say what to do. The table is by the operating system's error code.
import { CliError, failure } from '../errors.ts';
import { AlreadyRuns } from './run-record.ts';

type Explain = (error: NodeJS.ErrnoException & { port?: number; address?: string }) => CliError;

const denied: Explain = ({ path = 'the data folder', code }) =>
  failure(
    `acrc may not write to '${path}' (${code}).`,
    'Choose another folder with --data, or give the user that runs acrc the right to write there.',
  );

const explanations: Readonly<Record<string, Explain>> = {
  EADDRINUSE: ({ port, address }) =>
    failure(
      `Port ${port} on ${address ?? 'this machine'} is taken by another process.`,
      'Choose another one with --port; 0 picks a free one.',
    ),
  EADDRNOTAVAIL: ({ address }) =>
    failure(`This machine has no address '${address}'.`, 'Choose another one with --host.'),
  EACCES: (error) =>
    error.syscall === 'listen'
      ? failure(`Port ${error.port} may not be opened by this user.`, 'Choose one above 1023 with --port.')
      : denied(error),
  EPERM: denied,
  EROFS: denied,
  ENOTDIR: ({ path }) => failure(`'${path}' is not a folder.`, 'Choose another one with --data.'),
  ENOSPC: () =>
    failure('The disk is full.', 'Free some space, or choose a folder on another disk with --data.'),
};

export function explainStart(error: unknown): unknown {
  if (error instanceof AlreadyRuns) return alreadyRuns(error);
  if (!(error instanceof Error) || error instanceof CliError) return error;
  const explain = 'code' in error ? explanations[String(error.code)] : undefined;
  // What the servers throw themselves already says what to do.
  return explain ? explain(error) : new CliError('failure', error.message, { cause: error });
}

function alreadyRuns({ record }: AlreadyRuns): CliError {
  const { kind, name, pid, address } = record;
  const where = address === undefined ? 'it is starting' : `it listens at ${address}`;
  return kind === 'control-plane'
    ? failure(
        `The control plane of this ACRC_HOME already runs (process ${pid}, ${where}).`,
        "'acrc control-plane stop' stops it; another ACRC_HOME and --port run a second one.",
      )
    : failure(
        `The node '${name}' already runs (process ${pid}, ${where}).`,
        `'acrc node stop --name ${name}' stops it; --name gives a second one another name.`,
      );
}
