// The way to a server: the control plane of this machine through its socket while that opens, everybody else over the network.
import { AxiosError, type AxiosRequestConfig, type AxiosResponse, type RawAxiosRequestHeaders } from 'axios';
import { readFileSync } from 'node:fs';
import { failure } from '../errors.ts';
import { TimelyHttpAgent } from './timely.ts';
import type { Trust } from './trust.ts';

/** A server on this machine that is reached without the network (control-plane/local-door.ts). */
export interface LocalDoor {
  /** Of the URLs that mean it, e.g. `https://localhost:4430`. */
  origin: string;
  socketPath: string;
}

export interface ConnectionsOptions {
  /** PEM; trusted besides the usual authorities. */
  certificateAuthorityFile: string | undefined;
  connectMs: number;
  local: LocalDoor | undefined;
}

export interface Request extends AxiosRequestConfig {
  url: string;
  headers?: RawAxiosRequestHeaders;
}

type Ask = <T>(config: Request) => Promise<AxiosResponse<T>>;

/** Of the time to connect: both together are what a person waits for a process that hangs. */
const slowShare = 1 / 6;
/** What says that nobody opens: nothing was sent, so the network may be tried. */
const shut: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'EACCES', 'ENOTSOCK', 'EPERM']);
/** "Misdirected Request": another control plane lives at the path. */
const misdirected = 421;

/** @returns `ask`, which is told the way of each request */
export function connect(ask: Ask, { certificateAuthorityFile, connectMs, local }: ConnectionsOptions): Ask {
  const httpAgent = new TimelyHttpAgent(connectMs);
  let trust: Promise<Trust> | undefined;
  const makeTrust = async (): Promise<Trust> => {
    const { createTrust } = await import('./trust.ts');
    return createTrust(readAuthority(certificateAuthorityFile), connectMs);
  };
  const overNetwork: Ask = async (request) => {
    if (!request.url.startsWith('https:')) return ask({ ...request, httpAgent });
    trust ??= makeTrust();
    return (await trust).with((httpsAgent) => ask({ ...request, httpAgent, httpsAgent }));
  };
  if (local === undefined) return overNetwork;
  let isShut = false;
  return async (request) => {
    if (isShut || !request.url.startsWith(`${local.origin}/`)) return overNetwork(request);
    const { host } = new URL(local.origin);
    const throughSocket: Ask = ({ url, headers, ...others }) =>
      ask({
        ...others,
        url: url.replace(/^https:/, 'http:'),
        headers: { ...headers, host },
        httpAgent,
        socketPath: local.socketPath,
      });
    try {
      const response = await unlessItHangs(
        (signal) => throughSocket<never>({ ...request, signal }),
        () => throughSocket({ url: `${local.origin}/healthz`, timeout: connectMs }),
        connectMs * slowShare,
      );
      if (response.status !== misdirected) return response;
    } catch (error) {
      if (!(error instanceof AxiosError && shut.has(error.code ?? ''))) throw error;
    }
    isShut = true;
    return overNetwork(request);
  };
}

/**
 * A process that hangs accepts connections all the same, so one that is slow to answer is asked for something that takes no time.
 * @throws what `look` throws
 */
async function unlessItHangs<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  look: () => Promise<unknown>,
  slowMs: number,
): Promise<T> {
  const given = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => void look().catch(reject), slowMs);
  });
  try {
    return await Promise.race([ask(given.signal), hung]);
  } finally {
    clearTimeout(timer);
    given.abort();
  }
}

/** At once: reading it in the background takes threads, whose start is longer than the reading. */
function readAuthority(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failure(`The certificate authority file cannot be read: ${reason}`);
  }
}
