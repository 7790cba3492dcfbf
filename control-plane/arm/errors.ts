// The vocabulary of failure of the control plane (Azure REST API, ErrorResponse). Rules throw an ArmError anywhere
// below a route; the server's error handler is the one place that turns it into an answer.
import { hasCode } from '../../registry-node/blobs/durable.ts';
import { isFull } from '../../registry-node/database/result-codes.ts';

/**
 * code -> the status it is answered with. Where Azure's own code is not public it is ours, worded as ARM words its
 * own.
 */
export const armErrors = {
  // Sign-in
  AuthenticationFailed: 401,
  InvalidAuthenticationToken: 401,
  ExpiredAuthenticationToken: 401,
  InvalidAuthenticationTokenTenant: 401,
  AuthorizationFailed: 403,
  LinkedAuthorizationFailed: 403,
  // Who may do what
  PrincipalNotFound: 400,
  RoleDefinitionDoesNotExist: 404,
  RoleAssignmentNotFound: 404,
  RoleAssignmentExists: 409,
  RoleAssignmentUpdateNotPermitted: 400,
  UnmatchedPrincipalType: 400,
  // What ARM itself refuses
  MissingApiVersionParameter: 400,
  InvalidApiVersionParameter: 400,
  InvalidRequestContent: 400,
  InvalidFilterInQueryString: 400,
  InvalidSkipToken: 400,
  InvalidTopInQueryString: 400,
  LinkedInvalidPropertyId: 400,
  RequestEntityTooLarge: 413,
  SubscriptionNotFound: 404,
  ResourceGroupNotFound: 404,
  ResourceGroupBeingDeleted: 409,
  InvalidResourceNamespace: 404,
  NotFound: 404,
  // What the registry provider refuses
  ResourceNotFound: 404,
  OperationNotFound: 404,
  AlreadyInUse: 409,
  BadRequest: 400,
  InvalidResourceName: 400,
  InvalidResourceLocation: 409,
  InvalidPropertyValue: 400,
  PropertyChangeNotAllowed: 400,
  SkuNotSupported: 400,
  NetworkRuleNotSupported: 400,
  DisablingPublicNetworkAccessNotSupported: 400,
  ClassicSkuDeprecated: 400,
  QuotaExceeded: 403,
  ScopeMapIsSystemDefined: 400,
  LinkedResourceNotFound: 400,
  AdminUserDisabled: 400,
  DataEndpointDisabled: 400,
  ConnectedRegistryModeConflict: 400,
  ConnectedRegistryHasOfflineChildren: 409,
  Conflict: 409,
  // An import's source. None is what a client would repeat its poll for.
  ImportSourceNotFound: 404,
  ImportSourceUnreachable: 400,
  ImportSourceTimeout: 400,
  ImportSourceUnauthorized: 400,
  ImportSourceBusy: 400,
  ImportSourceInvalid: 400,
  ImportFailed: 400,
  TooManyRequests: 429,
  // Ours
  NotImplemented: 501,
  ServiceUnavailable: 503,
  InsufficientStorage: 507,
  InternalServerError: 500,
} as const satisfies Record<string, number>;

export type ArmErrorCode = keyof typeof armErrors;

export class ArmError extends Error {
  readonly code: ArmErrorCode;
  /** The property that is wrong, as a path: `properties.parent.syncProperties.messageTtl`. */
  readonly target: string | undefined;

  constructor(code: ArmErrorCode, message: string, target?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ArmError';
    this.code = code;
    this.target = target;
  }

  get status(): number {
    return armErrors[this.code];
  }

  /** The provider's body, with the top-level `status` that recordings of ACR show. */
  toBody(): { error: { code: string; message: string; target?: string }; status: 'Failed' } {
    const target = this.target === undefined ? {} : { target: this.target };
    return { error: { code: this.code, message: this.message, ...target }, status: 'Failed' };
  }
}

/** What a client can be told of a failure; undefined of one that only the log has words for. */
export function explain(error: unknown): ArmError | undefined {
  if (error instanceof ArmError) return error;
  if (!isFull(error) && !hasCode(error, 'ENOSPC', 'EDQUOT')) return undefined;
  return new ArmError(
    'InsufficientStorage',
    "The disk of the control plane is full. Make room on it ('acrc control-plane gc' removes what no image needs), then try again.",
    undefined,
    { cause: error },
  );
}

/** The provider's answer for a missing registry child, as recorded. */
export function childNotFound(name: string): ArmError {
  return new ArmError('ResourceNotFound', `The resource ${name} could not be found.`);
}
