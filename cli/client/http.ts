// The one way out to the network: axios with the right certificate authority, bounds on time, patience with busy servers,
// and a trace for --debug in which secrets never appear.
import { AxiosError, create, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { besideUsual, isOfUnknownAuthority } from '../../registry-node/certificate-authority.ts';
import { failure } from '../errors.ts';
import { hideSecrets } from './hide-secrets.ts';
import type { Clock } from '../../registry-node/clock.ts';

export interface HttpRequest extends AxiosRequestConfig {
  url: string;
}

export interface Http {
  /** Any status is an answer. @throws CliError when there is none */
  send<T>(request: HttpRequest): Promise<AxiosResponse<T>>;
}

export interface HttpOptions {
  /** PEM; trusted besides the usual authorities. */
  certificateAuthorityFile: string | undefined;
  clock: Clock;
  /** Receives lines for --debug. */
  trace: ((line: string) => void) | undefined;
  /** Said when nobody answers at all. */
  unreachableHint: string;
}

const requestTimeoutMs = 100_000;
/** 429 and 503 are asked again this often, when the request may be repeated. */
const attemptsMax = 4;
const retryAfterSecondsMax = 30;

export async function createHttp(options: HttpOptions): Promise<Http> {
  const client = create({
    timeout: requestTimeoutMs,
    maxRedirects: 0,
    maxBodyLength: Infinity,
    validateStatus: () => true,
    // The machine's proxy is for the world outside; a control plane or a site is not that.
    proxy: false,
  });
  const ask = trusting(
    (httpsAgent, config) => client.request({ ...config, httpsAgent }),
    await readAuthority(options.certificateAuthorityFile),
  );
  return {
    send: async <T>(request: HttpRequest) => {
      for (let attempt = 1; ; attempt++) {
        const response = await once<T>(ask, request, options);
        const wait = busySeconds(request, response);
        if (wait === undefined || attempt === attemptsMax) return response;
        options.trace?.(`busy: asking again in ${wait} s`);
        await options.clock.sleep(wait * 1000);
      }
    },
  };
}

async function once<T>(
  ask: Ask,
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

/** How long to wait before the same request again; undefined when the answer stands. */
function busySeconds(request: HttpRequest, response: AxiosResponse): number | undefined {
  const repeatable = !isStream(request.data);
  if ((response.status !== 429 && response.status !== 503) || !repeatable) return undefined;
  const asked = Number(response.headers['retry-after']);
  return Math.min(Number.isFinite(asked) && asked > 0 ? asked : 1, retryAfterSecondsMax);
}

type Ask = <T>(config: AxiosRequestConfig) => Promise<AxiosResponse<T>>;

/** Trusts `authority` first, and the usual ones when that is not enough. */
function trusting(
  ask: <T>(agent: Agent, config: AxiosRequestConfig) => Promise<AxiosResponse<T>>,
  authority: string | undefined,
): Ask {
  const first = new Agent({ keepAlive: true, ...(authority !== undefined && { ca: authority }) });
  let wide: Agent | undefined;
  return async (config) => {
    if (wide !== undefined) return ask(wide, config);
    try {
      return await ask(first, config);
    } catch (error) {
      if (authority === undefined || !isOfUnknownAuthority(error)) throw error;
      wide ??= new Agent({ keepAlive: true, ca: besideUsual(authority) });
      return ask(wide, config);
    }
  };
}

async function readAuthority(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failure(`The certificate authority file cannot be read: ${reason}`);
  }
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  ECONNRESET: 'it closed the connection',
  ECONNABORTED: `it did not answer within ${requestTimeoutMs / 1000} s`,
  ETIMEDOUT: 'it does not answer',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is not from an authority that acrc trusts (ACRC_CA_FILE names one)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is not from an authority that acrc trusts (ACRC_CA_FILE names one)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

function reasonOf(error: AxiosError): string {
  return reasons[error.code ?? ''] ?? (error.message || error.code || 'the connection failed');
}

function isStream(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'pipe' in data;
}
