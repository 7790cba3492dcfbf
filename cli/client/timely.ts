// Connections that are made in time or not at all: a machine that swallows packets, or a process that hangs, is found out before
// a person has wondered. Once connected, an answer may take as long as the request allows.
import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';

/** The name, TCP and TLS together. A link slower than that is one to say so for: ACRC_CONNECT_TIMEOUT. */
export const connectMsDefault = 1500;

class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** For plain HTTP, over TCP or a Unix socket. */
export class TimelyHttpAgent extends Agent {
  readonly #connectMs: number;

  constructor(connectMs: number) {
    // Named for TLS only; unnamed, node compiles its regular expression of IPv6 addresses to find the name (4 ms).
    const options: AgentOptions & { servername: string } = { keepAlive: true, servername: '' };
    super(options);
    this.#connectMs = connectMs;
  }

  override createConnection(...given: Parameters<Agent['createConnection']>): Duplex | null | undefined {
    return within(this.#connectMs, 'connect', super.createConnection(...given));
  }
}

/** Gives a socket up that does not become `ready` within `ms`. */
export function within<S extends Duplex | null | undefined>(
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
