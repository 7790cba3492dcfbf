// What a node is started with. Flags and environment are parsed by the command line into this; the node trusts it.
import type { ConnectionString } from './connection-string.ts';

export interface NodeConfig {
  connectionString: ConnectionString;
  /** The file that it was read from: read again when the parent refuses the password, which somebody may have made anew. */
  connectionStringFile?: string | undefined;
  /** Everything the node keeps; made when missing, with mode 0700. */
  dataFolder: string;
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** PEM files; absent: plain HTTP. */
  tls?: { certificateFile: string; keyFile: string } | undefined;
  /** The host (and port) that clients use, when it is not `localhost:<port>`. */
  loginServer?: string | undefined;
  /** Proxies on other machines whose X-Forwarded-* headers are believed (http/server.ts). */
  trustedProxies?: readonly string[] | undefined;
  /** PEM file of further certificate authorities to trust at the parent. */
  parentAuthorityFile?: string | undefined;
  /** The way to a parent that is reached by TLS; absent: straight. */
  parentProxy?: Proxy | undefined;
  /** Where it answers Prometheus; absent: nowhere. */
  metrics?: MetricsAddress | undefined;
  /** Absent: it logs as much as its resource says. */
  logLevel?: string | undefined;
  /** A blob above this is fetched in ranges of it, so a cut costs at most one of them. */
  chunkBytes: number;
  /** Blobs in transfer at once. */
  transfersMax: number;
  /** Of content, both directions together; absent: as fast as it goes. */
  bytesPerSecond?: number | undefined;
  /** Of content, both directions together. Absent: no bound. */
  budget?: { windowBytes?: number | undefined; dayBytes?: number | undefined } | undefined;
}

export interface Proxy {
  /** `http:`, with user and password where it asks for them. */
  url: URL;
  /** Hosts that are reached without it, as NO_PROXY lists them. */
  except?: string | undefined;
}

export interface MetricsAddress {
  host: string;
  /** 0 picks a free one. */
  port: number;
}

export const nodeDefaults = {
  host: '127.0.0.1',
  port: 8080,
  chunkBytes: 16 * 1024 * 1024,
  transfersMax: 4,
} as const;
