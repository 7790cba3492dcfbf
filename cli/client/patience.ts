// Which answers of a busy or failing server are asked for again, how often, and after how long.
export interface Patience {
  /** The first one counts. */
  attemptsMax: number;
  /** When the server does not say how long, for the attempt that failed (1, 2 …). */
  waitSeconds: (attempt: number) => number;
}

/** 1, 2, 4 s: a control plane that starts anew is there again. */
export const controlPlanePatience: Patience = {
  attemptsMax: 4,
  waitSeconds: (attempt) => 2 ** (attempt - 1),
};
/** As az asks a registry. */
export const registryPatience: Patience = { attemptsMax: 3, waitSeconds: () => 5 };

/** A server that wants longer than this is not waited for any longer than this. */
const waitSecondsMax = 30;

/** It was refused before anything was done, so that it may be asked again whatever it was. */
const refused: ReadonlySet<number> = new Set([429, 503]);
/** It may have been done: only what can be done twice is asked again. */
const failed: ReadonlySet<number> = new Set([500, 502, 504]);
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

export interface Answer {
  method: string;
  status: number;
  /** As the server wrote it: seconds or a date. */
  retryAfter: unknown;
}

/** @returns seconds until the same request again; undefined when the answer stands */
export function waitBefore(
  { method, status, retryAfter }: Answer,
  attempt: number,
  { attemptsMax, waitSeconds }: Patience,
  now: Date,
): number | undefined {
  const again = refused.has(status) || (failed.has(status) && repeatable.has(method));
  if (!again || attempt >= attemptsMax) return undefined;
  return Math.min(saidSeconds(retryAfter, now) ?? waitSeconds(attempt), waitSecondsMax);
}

function saidSeconds(retryAfter: unknown, now: Date): number | undefined {
  if (typeof retryAfter !== 'string' || retryAfter === '') return undefined;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return seconds > 0 ? seconds : undefined;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}
