// The vocabulary of failure of talking to another registry. A caller decides by `kind` alone whether to try again,
// to wait, to skip or to give up; the message is for people and never holds a credential.
import { z } from 'zod';
import { readRetryAfter } from './retry-after.ts';

/** kind -> what a caller may conclude from it. */
const remoteErrorKinds = {
  unreachable: 'no answer: name not resolved, refused, cut, or too slow',
  busy: 'asked to come back later (429, 503)',
  failed: 'the registry failed (any other 5xx)',
  unauthorized: 'the credentials are not accepted (401)',
  denied: 'known, and not allowed (403)',
  'not-found': 'there is no such thing (404)',
  conflict: 'someone else holds it (409)',
  refused: 'the request is not acceptable (any other 4xx)',
  malformed: 'the answer is not what the protocol says, or its digest is wrong',
} as const;
export type RemoteErrorKind = keyof typeof remoteErrorKinds;

export interface RemoteErrorFacts {
  status?: number | undefined;
  /** The first code of the registry's errors body, e.g. `ALREADY_ACTIVATED`. */
  code?: string | undefined;
  /** From Retry-After. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

export class RemoteError extends Error {
  readonly kind: RemoteErrorKind;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(kind: RemoteErrorKind, message: string, facts: RemoteErrorFacts = {}) {
    super(message, { cause: facts.cause });
    this.name = 'RemoteError';
    this.kind = kind;
    this.status = facts.status;
    this.code = facts.code;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

export function isRemoteError(error: unknown, ...kinds: RemoteErrorKind[]): error is RemoteError {
  return error instanceof RemoteError && (kinds.length === 0 || kinds.includes(error.kind));
}

/** Whether an unreachable registry was reached, and shows a certificate that is not trusted. */
export function isOfCertificate(code: string | undefined): boolean {
  return code !== undefined && /CERT|ISSUER|SELF_SIGNED|VERIFY/.test(code);
}

/** An operator of the other registry locked what was asked for. It concerns this and nothing else. */
export function isLockedThere(error: unknown): boolean {
  return isRemoteError(error, 'refused') && error.code === 'REGISTRY_DISALLOWED_OPERATION';
}

const kindOfStatus: Record<number, RemoteErrorKind> = {
  401: 'unauthorized',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  429: 'busy',
  503: 'busy',
};

/**
 * Reads an answer that is not a success.
 * @param what the request in words, e.g. `GET https://host/v2/app/manifests/1`
 * @param body the start of the answer's body
 */
export function errorFromAnswer(
  what: string,
  answer: { status: number; body: string; retryAfter?: string | undefined; now: Date },
): RemoteError {
  const { code, message } = firstError(answer.body);
  const kind = kindOfStatus[answer.status] ?? (answer.status >= 500 ? 'failed' : 'refused');
  const reason = message ? `: ${message}` : '';
  return new RemoteError(kind, `${what} was answered ${answer.status}${code ? ` ${code}` : ''}${reason}`, {
    status: answer.status,
    code,
    retryAfterMs: readRetryAfter(answer.retryAfter, answer.now),
  });
}

const errorsBody = z.object({
  errors: z.array(z.object({ code: z.string().optional(), message: z.string().optional() })).min(1),
});

/** From the errors body of the distribution specification; anything else says nothing. */
function firstError(body: string): { code?: string | undefined; message?: string | undefined } {
  const error = errorsBody.safeParse(parseJson(body)).data?.errors[0];
  return { code: error?.code?.slice(0, 100), message: error?.message?.slice(0, 500) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
