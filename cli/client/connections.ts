// Connections that are made in time or not at all: a machine that swallows packets, or a process that hangs, is found out before
// a person has wondered. Once connected, an answer may take as long as the request allows.
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { besideUsual, isOfUnknownAuthority } from '../../registry-node/certificate-authority.ts';

/** The name, TCP and TLS together. A link slower than that is one to say so for: ACRC_CONNECT_TIMEOUT. */
export const connectMsDefault = 1500;

export class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

export interface Agents {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
}

export interface Connections {
  /** Trusts the named authority first, and the usual ones when that is not enough. */
  with<T>(ask: (agents: Agents) => Promise<T>): Promise<T>;
}

/** @param authority PEM; undefined: only the usual ones */
export function createConnections(authority: string | undefined, connectMs: number): Connections {
  const httpAgent = new TimelyHttpAgent({ keepAlive: true }, connectMs);
  const secure = (ca?: string | string[]): Agents => ({
    httpAgent,
    httpsAgent: new TimelyHttpsAgent({ keepAlive: true, ...(ca !== undefined && { ca }) }, connectMs),
  });
  const first = secure(authority);
  let wide: Agents | undefined;
  return {
    with: async (ask) => {
      if (wide !== undefined) return ask(wide);
      try {
        return await ask(first);
      } catch (error) {
        if (authority === undefined || !isOfUnknownAuthority(error)) throw error;
        wide ??= secure(besideUsual(authority));
        return ask(wide);
      }
    },
  };
}

class TimelyHttpAgent extends HttpAgent {
  readonly #connectMs: number;

  constructor(options: AgentOptions, connectMs: number) {
    super(options);
    this.#connectMs = connectMs;
  }

  override createConnection(...given: Parameters<HttpAgent['createConnection']>): Duplex | null | undefined {
    return within(this.#connectMs, 'connect', super.createConnection(...given));
  }
}

class TimelyHttpsAgent extends HttpsAgent {
  readonly #connectMs: number;

  constructor(options: ConstructorParameters<typeof HttpsAgent>[0], connectMs: number) {
    super(options);
    this.#connectMs = connectMs;
  }

  override createConnection(...given: Parameters<HttpsAgent['createConnection']>): Duplex | null | undefined {
    return within(this.#connectMs, 'secureConnect', super.createConnection(...given));
  }
}

function within<S extends Duplex | null | undefined>(
  ms: number,
  ready: 'connect' | 'secureConnect',
  socket: S,
): S {
  if (!socket) return socket;
  const timer = setTimeout(() => socket.destroy(new ConnectTimeout(`not connected within ${ms} ms`)), ms);
  const settle = (): void => clearTimeout(timer);
  socket.once(ready, settle).once('close', settle);
  return socket;
}
