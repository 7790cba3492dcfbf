// Long-running operations of ARM: an answer that is not final names a URL to ask until it is.
// Azure-AsyncOperation answers with a status and the resource is read again; Location answers 202 until it is done.
import type { AxiosResponse } from 'axios';
import type { Clock } from '../../registry-node/clock.ts';
import { failure } from '../errors.ts';
import { isObject } from '../json-object.ts';
import { armError } from './arm-error.ts';

/** Asks a URL with the caller's authorisation. */
export type Ask = (url: string) => Promise<AxiosResponse<unknown>>;

/** Receives what a running operation says of itself. */
export type Told = (data: unknown) => void;

const waitSecondsDefault = 1;
const waitSecondsMax = 30;
/** Two hours of an import, asked every second. */
const pollsMax = 7200;

/** @returns true when the operation ran on its own: its result must be read again */
export async function waitForOperation(
  first: AxiosResponse<unknown>,
  ask: Ask,
  clock: Clock,
  told?: Told,
): Promise<boolean> {
  const statusUrl = header(first, 'azure-asyncoperation');
  const locationUrl = first.status === 202 ? header(first, 'location') : undefined;
  const url = statusUrl ?? locationUrl;
  if (url === undefined) return false;
  for (let poll = 0; poll < pollsMax; poll++) {
    const answer = await ask(url);
    told?.(answer.data);
    if (isDone(answer, statusUrl !== undefined)) return true;
    await clock.sleep(waitSeconds(answer) * 1000);
  }
  throw failure(`The operation is still running after ${pollsMax} checks; it goes on without acrc.`);
}

/** @throws CliError when the operation failed */
function isDone(answer: AxiosResponse<unknown>, byStatus: boolean): boolean {
  if (answer.status >= 400) throw armError(answer);
  const status = isObject(answer.data) ? answer.data.status : undefined;
  if (status === 'Failed' || status === 'Canceled') {
    const error = isObject(answer.data) ? answer.data.error : undefined;
    const data = { error: error ?? { code: status, message: `The operation ended as ${status}.` } };
    throw armError({ status: answer.status, data });
  }
  return byStatus ? status === 'Succeeded' : answer.status !== 202;
}

function waitSeconds(answer: AxiosResponse<unknown>): number {
  const asked = Number(header(answer, 'retry-after') ?? waitSecondsDefault);
  return Number.isFinite(asked) && asked >= 0 ? Math.min(asked, waitSecondsMax) : waitSecondsDefault;
}

function header(response: AxiosResponse<unknown>, name: string): string | undefined {
  const value: unknown = response.headers[name];
  return typeof value === 'string' ? value : undefined;
}
