// One port for TLS and plain HTTP: the first byte of a connection tells (0x16 opens a TLS handshake). Docker, az and
// plain curl all reach a registry under the same address, whichever of the two they try first.
import type { RequestListener } from 'node:http';
import type { SecureContextOptions } from 'node:tls';

export interface ListenOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Absent: plain HTTP only. */
  tls?: SecureContextOptions | undefined;
  handler: RequestListener;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops accepting, lets running requests end within `graceMs`, then cuts them. */
  close(graceMs?: number): Promise<void>;
}
