// Whether something is missing at a registry: only the registry itself can say so. A proxy on the way, or a place where tokens are
// issued, that answers 404 says nothing of the content; taken for an absence, it would make a node pass over an image, or
// believe that a removal was done.
import { isRemoteError, RemoteError } from './errors.ts';
import type { Answer } from './answer.ts';

/** Every answer of the distribution API carries it ("Docker-Distribution-API-Version", Docker Registry HTTP API V2). */
const mark = 'docker-distribution-api-version';

/** @param answer that the error was made of; absent: it comes from the sign-in @returns the error to throw */
export function doubtAbsence(error: unknown, answer?: Answer, isHead = false): unknown {
  if (!isRemoteError(error, 'not-found')) return error;
  // A HEAD has no body to name a code; a registry has the code UNSUPPORTED for a route that it does not know.
  const named = isHead || (error.code !== undefined && error.code !== 'UNSUPPORTED');
  if (named && answer?.header(mark) !== undefined) return error;
  const { status, code } = error;
  return new RemoteError('failed', `${error.message}, which is not the registry's own word`, {
    status,
    code,
    cause: error,
  });
}
