// Connections by TLS, apart because node's own takes 10 ms to load, which a command that asks the control plane of its machine
// through the socket has no use for.
import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import { besideUsual, isOfUnknownAuthority } from '../../registry-node/certificate-authority.ts';
import { within } from './timely.ts';

export interface Trust {
  /** Trusts the named authority first, and the usual ones when that is not enough. */
  with<T>(ask: (httpsAgent: Agent) => Promise<T>): Promise<T>;
}

/** @param authority PEM; undefined: only the usual ones */
export function createTrust(authority: string | undefined, connectMs: number): Trust {
  const first = new TimelyHttpsAgent(authority, connectMs);
  let wide: Agent | undefined;
  return {
    with: async (ask) => {
      if (wide !== undefined) return ask(wide);
      try {
        return await ask(first);
      } catch (error) {
        if (authority === undefined || !isOfUnknownAuthority(error)) throw error;
        wide ??= new TimelyHttpsAgent(besideUsual(authority), connectMs);
        return ask(wide);
      }
    },
  };
}

class TimelyHttpsAgent extends Agent {
  readonly #connectMs: number;

  constructor(ca: string | string[] | undefined, connectMs: number) {
    super({ keepAlive: true, ...(ca !== undefined && { ca }) });
    this.#connectMs = connectMs;
  }

  override createConnection(...given: Parameters<Agent['createConnection']>): Duplex | null | undefined {
    return within(this.#connectMs, 'secureConnect', super.createConnection(...given));
  }
}
