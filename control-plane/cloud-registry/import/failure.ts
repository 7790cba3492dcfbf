// Why an import failed, in ARM's vocabulary: what the source did, or what the target had against it.
import { OciError } from '../../../registry-node/oci/errors.ts';
import { RemoteError, type RemoteErrorKind } from '../../../registry-node/remote/errors.ts';
import { ArmError, type ArmErrorCode } from '../../arm/errors.ts';
import type { ImportJob } from './job.ts';

const codes: Partial<Record<RemoteErrorKind, ArmErrorCode>> = {
  unreachable: 'ImportSourceUnreachable',
  busy: 'ImportSourceBusy',
  unauthorized: 'ImportSourceUnauthorized',
  denied: 'ImportSourceUnauthorized',
  'not-found': 'ImportSourceNotFound',
  malformed: 'ImportSourceInvalid',
};
const timeouts = /TIMEOUT|TIMEDOUT/;

/** @returns an ArmError; a failure that is ours stays as it is, for the log */
export function explainFailure(job: ImportJob, error: unknown): unknown {
  if (!(error instanceof RemoteError || error instanceof OciError)) return error;
  return new ArmError(
    codeOf(error),
    `Resource ${job.registryId} The image ${job.image} could not be imported: ${error.message}.`,
    undefined,
    { cause: error },
  );
}

function codeOf(error: RemoteError | OciError): ArmErrorCode {
  if (error instanceof OciError)
    return error.code === 'MANIFEST_INVALID' ? 'ImportSourceInvalid' : 'ImportFailed';
  if (error.kind === 'unreachable' && timeouts.test(error.code ?? '')) return 'ImportSourceTimeout';
  return codes[error.kind] ?? 'ImportFailed';
}
