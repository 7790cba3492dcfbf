// The vocabulary of failure of the registry's data plane (distribution-spec, "Error Codes", and the codes ACR
// adds). Anything below the API may throw an OciError; the API's error handler is the one place that turns
// it into an answer.
import { limits } from './limits.ts';

interface ErrorRow {
  status: number;
  message: string;
  as?: string;
}

/**
 * code -> the status it is answered with. The message is the specification's, used when none is given. What the
 * specification has no code of its own for is told under the one it has (`as`).
 */
export const ociErrors = {
  BLOB_UNKNOWN: { status: 404, message: 'blob unknown to registry' },
  BLOB_UPLOAD_INVALID: { status: 400, message: 'blob upload invalid' },
  BLOB_UPLOAD_UNKNOWN: { status: 404, message: 'blob upload unknown to registry' },
  DIGEST_INVALID: { status: 400, message: 'provided digest did not match uploaded content' },
  MANIFEST_BLOB_UNKNOWN: {
    status: 404,
    message: 'manifest references a manifest or blob unknown to registry',
  },
  MANIFEST_INVALID: { status: 400, message: 'manifest invalid' },
  MANIFEST_UNKNOWN: { status: 404, message: 'manifest unknown to registry' },
  NAME_INVALID: { status: 400, message: 'invalid repository name' },
  NAME_UNKNOWN: { status: 404, message: 'repository name not known to registry' },
  PAGINATION_NUMBER_INVALID: { status: 400, message: 'invalid number of results requested' },
  RANGE_INVALID: {
    status: 416,
    as: 'BLOB_UPLOAD_INVALID',
    message: 'the range does not continue the upload',
  },
  RANGE_UNSATISFIABLE: { status: 416, as: 'UNSUPPORTED', message: 'the blob has no such range' },
  SIZE_INVALID: { status: 400, message: 'provided length did not match content length' },
  MANIFEST_TOO_LARGE: {
    status: 413,
    as: 'MANIFEST_INVALID',
    message: 'manifest is larger than the registry accepts',
  },
  BLOB_TOO_LARGE: {
    status: 413,
    as: 'BLOB_UPLOAD_INVALID',
    message: `a blob may have ${limits.blobBytesMax} bytes and this one has more`,
  },
  TAG_INVALID: { status: 400, message: 'manifest tag did not match the specification' },
  TAG_UNKNOWN: { status: 404, message: 'tag unknown to registry' },
  UNAUTHORIZED: { status: 401, message: 'authentication required' },
  DENIED: { status: 403, message: 'requested access to the resource is denied' },
  UNSUPPORTED: { status: 405, message: 'The operation is unsupported.' },
  /** What an operator locked (Azure Container Registry, "Lock an image"). */
  REGISTRY_DISALLOWED_OPERATION: {
    status: 405,
    message:
      'The operation is disallowed on this registry, repository or image. View troubleshooting steps at ' +
      'https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation',
  },
  PRECONDITION_FAILED: {
    status: 412,
    as: 'DENIED',
    message: 'what is there is not what the request expects',
  },
  URI_TOO_LONG: {
    status: 414,
    as: 'UNSUPPORTED',
    message: 'the request names more than the registry takes at once',
  },
  TOOMANYREQUESTS: { status: 429, message: 'too many requests' },
  INSUFFICIENT_STORAGE: { status: 507, message: 'the registry has no disk space left' },
  /** Gateway: a body that the protocol does not know. */
  REQUEST_INVALID: { status: 400, message: 'the request body is not valid' },
  UNAVAILABLE: { status: 503, message: 'the registry is shutting down' },
  /** Gateway: the connected registry already runs elsewhere. */
  ALREADY_ACTIVATED: {
    status: 409,
    message:
      'Failed to activate the connected registry as it is already activated by another instance. ' +
      'Only one instance is supported at any time.',
  },
} as const satisfies Record<string, ErrorRow>;

export type OciErrorCode = keyof typeof ociErrors;

export interface OciErrorOptions extends ErrorOptions {
  /** Sent with the answer: a challenge, the state of an upload. */
  headers?: Readonly<Record<string, string>>;
}

export class OciError extends Error {
  readonly code: OciErrorCode;
  readonly detail: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: OciErrorCode, message?: string, detail?: unknown, options: OciErrorOptions = {}) {
    super(message ?? ociErrors[code].message, options);
    this.name = 'OciError';
    this.code = code;
    this.detail = detail;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return ociErrors[this.code].status;
  }

  /** The body of the answer (distribution-spec, "Error Codes"). */
  toBody(): { errors: { code: string; message: string; detail?: unknown }[] } {
    const detail = this.detail === undefined ? {} : { detail: this.detail };
    const { as: code = this.code }: ErrorRow = ociErrors[this.code];
    return { errors: [{ code, message: this.message, ...detail }] };
  }
}
