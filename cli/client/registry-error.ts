// A registry's refusals in az's words.
import { CliError } from '../errors.ts';
import { isObject, textOf } from '../json-object.ts';

const meanings: Readonly<Record<number, string>> = {
  401: 'Authentication required.',
  404: 'The requested data does not exist.',
  405: 'This operation is not supported.',
  409: 'Failed to request data due to a conflict.',
};

export class RegistryError extends CliError {
  readonly status: number;
  /** The registry's own, e.g. `NAME_UNKNOWN`; undefined when what answered is no registry API. */
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, message: string) {
    super(status === 404 ? 'missing' : 'failure', message);
    this.status = status;
    this.code = code;
  }
}

interface RegistryAnswer {
  status: number;
  data: unknown;
  headers: object;
}

export function registryError({ status, data, headers }: RegistryAnswer): RegistryError {
  const first = firstError(data);
  const said = first ? `Error: ${[first.message, detailOf(first.detail)].join('').trim()}` : meanings[status];
  const correlation = isObject(headers) ? headers['x-ms-correlation-request-id'] : undefined;
  const id = typeof correlation === 'string' ? ` Correlation ID: ${correlation}.` : '';
  return new RegistryError(
    status,
    first?.code,
    `${said ?? `Could not get the requested data (status ${status}).`}${id}`,
  );
}

function firstError(data: unknown): { code: string; message: string; detail?: unknown } | undefined {
  const error: unknown = isObject(data) && Array.isArray(data.errors) ? data.errors[0] : undefined;
  if (!isObject(error)) return undefined;
  const message = textOf(error, 'message');
  return message === undefined
    ? undefined
    : { code: textOf(error, 'code') ?? '', message, detail: error.detail };
}

function detailOf(detail: unknown): string {
  if (detail === undefined || detail === null || detail === '') return '';
  return ` Detail: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}.`;
}
