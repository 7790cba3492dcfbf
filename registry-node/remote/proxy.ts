// The way out through an HTTP proxy, as factories and shops have one: to a parent, the source of an import, the receiver of a
// webhook. Only TLS goes through it, in a tunnel (CONNECT, RFC 9110 section 9.3.6): a proxy sees where to, and neither tokens nor
// content.
import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Proxy } from '../config.ts';

/** This machine is never reached through another one. */
const thisMachine = 'localhost,127.0.0.1-127.255.255.255,::1,[::1]';

/** For TLS, straight to some hosts and through the proxy to all others. */
export class ProxyAgent extends Agent {
  readonly #connectTimeoutMs: number;
  readonly #host: string;

  constructor({ url, except = '' }: Proxy, connectTimeoutMs: number, options: AgentOptions) {
    super({ ...options, proxyEnv: { HTTPS_PROXY: url.href, NO_PROXY: `${thisMachine},${except}` } });
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#host = url.host;
  }

  /** A tunnel is given to its request when TLS stands, and until then nothing else bounds it. */
  override createConnection(
    ...[options, callback]: Parameters<Agent['createConnection']>
  ): Duplex | null | undefined {
    let timer: NodeJS.Timeout | undefined;
    let isTunnel = false;
    const socket = super.createConnection(options, (error, ready) => {
      clearTimeout(timer);
      callback?.(error && isTunnel && isOfProxy(error) ? new NoTunnel(this.#host, error) : error, ready);
    });
    isTunnel = !(socket instanceof TLSSocket);
    if (isTunnel) timer = setTimeout(() => socket?.destroy(new TunnelTimeout()), this.#connectTimeoutMs);
    return socket;
  }
}

const refusalCode = 'ERR_PROXY_TUNNEL';

/** It refuses, or cannot be reached: whom the tunnel is for was not asked yet. */
function isOfProxy(error: NodeJS.ErrnoException): boolean {
  return error.code === refusalCode || isOfConnecting(error);
}

function isOfConnecting({ syscall }: NodeJS.ErrnoException): boolean {
  return syscall === 'connect' || syscall === 'getaddrinfo';
}

/** In the place of Node's own, which says the proxy's password, or says of the proxy what seems to be about the host. */
export class NoTunnel extends Error {
  readonly code = refusalCode;

  constructor(host: string, error: Error) {
    const status = /HTTP\/1\.\d (\d{3})/.exec(error.message)?.[1];
    const answer = status === undefined ? '' : `: it answers ${status}`;
    super(`the proxy ${host} makes no tunnel${isOfConnecting(error) ? `: ${error.message}` : answer}`);
  }
}

class TunnelTimeout extends Error {
  readonly code = 'ETIMEDOUT';
  override readonly message = 'timed out waiting for a tunnel through the proxy';
}
