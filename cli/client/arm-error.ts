// ARM's refusals, printed as az prints them: the code and the message together, then each on a line.
import { CliError } from '../errors.ts';
import { isObject, textOf } from '../json-object.ts';

export class ArmError extends CliError {
  readonly status: number;
  readonly code: string;

  /** @param target which property or resource was refused, where the service says it */
  constructor(status: number, code: string, message: string, target?: string) {
    const lines = [`(${code}) ${message}`, `Code: ${code}`, `Message: ${message}`];
    if (target !== undefined) lines.push(`Target: ${target}`);
    super(status === 404 ? 'missing' : 'failure', lines.join('\n'));
    this.status = status;
    this.code = code;
  }
}

export function armError({ status, data }: { status: number; data: unknown }): ArmError {
  const error = isObject(data) && isObject(data.error) ? data.error : undefined;
  const code = textOf(error, 'code');
  if (code !== undefined)
    return new ArmError(status, code, textOf(error, 'message') ?? code, textOf(error, 'target'));
  const text = typeof data === 'string' && data !== '' ? data : `The control plane answered ${status}.`;
  return new ArmError(status, status === 404 ? 'NotFound' : 'UnexpectedAnswer', text);
}

/** Runs `read`; undefined when the resource does not exist. */
export async function ifExists<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ArmError && error.status === 404) return undefined;
    throw error;
  }
}
