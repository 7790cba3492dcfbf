// The one way out to the network: axios with the right certificate authority, bounds on time, patience with busy servers,
// and a trace for --debug in which secrets never appear.
import { AxiosError, create, type AxiosResponse } from 'axios';
import { failure } from '../errors.ts';
import { connect, type LocalDoor, type Request } from './connections.ts';
import { nodeHttp } from './node-http.ts';
import { hideSecrets } from './hide-secrets.ts';
import { controlPlanePatience, type Patience, waitBefore } from './patience.ts';
import { connectMsDefault } from './timely.ts';
import type { Clock } from '../../registry-node/clock.ts';

export interface HttpRequest extends Request {
  /** Absent: that with the control plane. */
  patience?: Patience;
}

export interface Http {
  /** Any status is an answer. @throws CliError when there is none */
  send<T>(request: HttpRequest): Promise<AxiosResponse<T>>;
}

export interface HttpOptions {
  /** PEM; trusted besides the usual authorities. */
  certificateAuthorityFile: string | undefined;
  /** The control plane, when it can be reached on this machine. */
  local?: LocalDoor | undefined;
  clock: Clock;
  /** Receives lines for --debug. */
  trace: ((line: string) => void) | undefined;
  /** Said when nobody answers at all. */
  unreachableHint: string;
  /** Absent: connectMsDefault. */
  connectMs?: number;
}

const requestTimeoutMs = 100_000;

export function createHttp(options: HttpOptions): Http {
  const client = create({
    timeout: requestTimeoutMs,
    adapter: nodeHttp,
    validateStatus: () => true,
  });
  const ask = connect((config) => client.request(config), {
    certificateAuthorityFile: options.certificateAuthorityFile,
    connectMs: options.connectMs ?? connectMsDefault,
    local: options.local,
  });
  return {
    send: async <T>({ patience = controlPlanePatience, ...request }: HttpRequest) => {
      for (let attempt = 1; ; attempt++) {
        const response = await once<T>(ask, request, options);
        const seconds = waitSeconds(request, response, { attempt, patience, now: options.clock.now() });
        if (seconds === undefined) return response;
        options.trace?.(`${response.status}: asking again in ${seconds} s`);
        await options.clock.sleep(seconds * 1000);
      }
    },
  };
}

async function once<T>(
  ask: ReturnType<typeof connect>,
  config: HttpRequest,
  { trace, unreachableHint, clock }: HttpOptions,
): Promise<AxiosResponse<T>> {
  const method = (config.method ?? 'GET').toUpperCase();
  const started = clock.now().getTime();
  trace?.(`--> ${method} ${config.url}${config.data === undefined ? '' : ` ${hideSecrets(config.data)}`}`);
  try {
    const response = await ask<T>(config);
    const took = clock.now().getTime() - started;
    trace?.(`<-- ${response.status} in ${took} ms ${hideSecrets(response.data)}`);
    return response;
  } catch (error) {
    if (!(error instanceof AxiosError)) throw error;
    throw failure(`Could not reach ${new URL(config.url).origin}: ${reasonOf(error)}.`, unreachableHint);
  }
}

/** Undefined when the answer stands. What was streamed is gone and cannot be sent again. */
function waitSeconds(
  { method = 'GET', data }: HttpRequest,
  { status, headers }: AxiosResponse,
  { attempt, patience, now }: { attempt: number; patience: Patience; now: Date },
): number | undefined {
  if (isStream(data)) return undefined;
  const answer = { method: method.toUpperCase(), status, retryAfter: headers['retry-after'] as unknown };
  return waitBefore(answer, attempt, patience, now);
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  ECONNRESET: 'it closed the connection',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  EAI_AGAIN: 'its name could not be looked up',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is not from an authority that acrc trusts (ACRC_CA_FILE names one)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is not from an authority that acrc trusts (ACRC_CA_FILE names one)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

function reasonOf(error: AxiosError): string {
  if (error.code === AxiosError.ECONNABORTED) {
    const { timeout: timeoutMs = requestTimeoutMs } = error.config ?? {};
    return `it did not answer within ${timeoutMs / 1000} s`;
  }
  return reasons[error.code ?? ''] ?? (error.message || error.code || 'the connection failed');
}

function isStream(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'pipe' in data;
}
