// One delivery over HTTP: a POST with a bound on its time and on what is read of its answer. Redirects are not followed:
// what a webhook's headers hold is for its own address.
import { type Clock, startDeadline } from '../../../registry-node/clock.ts';
import type { Proxy } from '../../../registry-node/config.ts';
import { openConnections } from '../../../registry-node/remote/connections.ts';
import { NoTunnel } from '../../../registry-node/remote/proxy.ts';
import { readRetryAfter } from '../../../registry-node/remote/retry-after.ts';
import {
  type RequestMessage,
  type ResponseMessage,
  toNoResponse,
  toRequestMessage,
  toResponseMessage,
} from './messages.ts';

export interface Callback {
  serviceUri: string;
  customHeaders: Readonly<Record<string, string>>;
}

export interface Delivery {
  request: RequestMessage;
  response: ResponseMessage;
  /** What the receiver asked for by Retry-After. */
  retryAfterMs?: number | undefined;
}

export interface Transport {
  /** Never fails for what the receiver does or does not. @throws the reason of `signal` */
  deliver(callback: Callback, content: string, signal: AbortSignal): Promise<Delivery>;
  close(): void;
}

const attemptTimeoutMs = 10_000;
/** Shorter than most receivers keep a connection, so that seldom one is used that they just ended. */
const unusedMaxMs = 5000;
/** To one receiver, whom all webhooks of all registries may name. */
const connectionsMax = 256;
const answerBytesMax = 4096;
const userAgent = 'AzureContainerRegistry/1.0';

export interface TransportOptions {
  /** PEM, trusted besides the system's: receivers may live here as well. */
  certificateAuthority: string;
  /** Absent: straight. */
  proxy: Proxy | undefined;
  clock: Clock;
}

export function createTransport({ certificateAuthority, proxy, clock }: TransportOptions): Transport {
  const connections = openConnections({
    certificateAuthority,
    proxy,
    connectionsMax,
    silenceMaxMs: attemptTimeoutMs,
    unusedMaxMs,
  });

  const exchange = async (
    url: URL,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<Pick<Delivery, 'response' | 'retryAfterMs'>> => {
    const answerTimeoutMs = attemptTimeoutMs;
    const answer = await connections.ask({ method: 'POST', url, headers, body, answerTimeoutMs, signal });
    const { statusCode = 0, statusMessage: statusText = '' } = answer;
    const content = await readStart(answer);
    const response = toResponseMessage({ statusCode, statusText, headers: answer.headers, content });
    return { response, retryAfterMs: readRetryAfter(answer.headers['retry-after'], clock.now()) };
  };

  return {
    deliver: async ({ serviceUri, customHeaders }, content, signal) => {
      const uri = new URL(serviceUri);
      const sent = {
        ...(hasHeader(customHeaders, 'content-type')
          ? {}
          : { 'Content-Type': 'application/json; charset=utf-8' }),
        'Content-Length': String(Buffer.byteLength(content)),
      };
      const request = toRequestMessage(uri, customHeaders, sent);
      const headers = { 'User-Agent': userAgent, ...credentialsIn(uri), ...sent };
      const deadline = startDeadline(clock, attemptTimeoutMs);
      try {
        const ends = AbortSignal.any([signal, deadline.signal]);
        const answered = await exchange(uri, withOwn(headers, customHeaders), content, ends);
        return { request, ...answered };
      } catch (error) {
        signal.throwIfAborted();
        const late = deadline.signal.aborted;
        const reason = late ? `no answer within ${attemptTimeoutMs / 1000} seconds` : reasonOf(error);
        return { request, response: toNoResponse(reason) };
      } finally {
        deadline.end();
      }
    },
    close: () => connections.close(),
  };
}

/** The beginning of an answer; of one that is cut or slow, what came in time. */
async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      bytes += piece.length;
      // Leaving the loop ends the connection: nobody reads the rest.
      if (bytes >= answerBytesMax) break;
    }
  } catch {
    // The status has come, and says what matters.
  }
  return Buffer.concat(pieces).subarray(0, answerBytesMax).toString('utf8');
}

/** `https://user:password@host/…`, as App Service gives out its deployment hooks. */
function credentialsIn(uri: URL): Record<string, string> {
  if (uri.username === '' && uri.password === '') return {};
  const credentials = `${decodeURIComponent(uri.username)}:${decodeURIComponent(uri.password)}`;
  return { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** The webhook's own headers come in place of ours of the same name. */
function withOwn(
  ours: Record<string, string>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(ours).filter(([name]) => !hasHeader(own, name));
  return { ...Object.fromEntries(kept), ...own };
}

function hasHeader(headers: Readonly<Record<string, string>>, name: string): boolean {
  return Object.keys(headers).some((each) => each.toLowerCase() === name.toLowerCase());
}

/** Without the address, which may hold a secret. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof NoTunnel) return error.message;
  return failures[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`);
}

const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there (ECONNREFUSED)',
  ENOTFOUND: 'there is no such host (ENOTFOUND)',
  EAI_AGAIN: 'the name of the host could not be looked up (EAI_AGAIN)',
  ECONNRESET: 'the receiver cut the connection (ECONNRESET)',
  EPIPE: 'the receiver cut the connection (EPIPE)',
  ETIMEDOUT: 'the host cannot be reached in time (ETIMEDOUT)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody who is trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody who is trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody who is trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};
