// What the control plane is started with. Flags and environment are parsed by the command line into this.
import type { MetricsAddress, Proxy } from '../registry-node/config.ts';

export interface ControlPlaneConfig {
  /** Everything it keeps; made when missing, with mode 0700. */
  dataFolder: string;
  /** Where the signed-in command line of this machine finds its credential (mode 0600). */
  credentialFile: string;
  host: string;
  /** ARM, sign-in and portal. 0 picks a free one. */
  port: number;
  /** Local mode: registries listen on `localhost:<port>` from here up, and keep their port. */
  registryPortFirst: number;
  /**
   * Set: `<name>.<domain>` and `<name>.<region>.data.<domain>` by host name on `port` instead. With `:port` behind it
   * when clients need one; without, they come by port 443.
   */
  domain?: string | undefined;
  /** Proxies on other machines whose X-Forwarded-* headers are believed, by ARM and by the login servers. */
  trustedProxies?: readonly string[] | undefined;
  /** The way to receivers of webhooks and sources of imports that are reached by TLS; absent: straight. */
  outgoingProxy?: Proxy | undefined;
  /** Where it answers Prometheus; absent: nowhere. */
  metrics?: MetricsAddress | undefined;
  /** How long every long-running ARM operation lasts at least: for clients whose polling is under test. */
  operationDelayMs?: number | undefined;
  /** Properties that a resource type does not have are left out, in place of being refused. */
  loose?: boolean | undefined;
}

export const controlPlaneDefaults = { host: '127.0.0.1', port: 4430, registryPortFirst: 5100 } as const;

/** The credential file: how a client reaches a control plane and signs in to it. */
export interface ControlPlaneCredential {
  endpoint: string;
  tenantId: string;
  subscriptionId: string;
  clientId: string;
  clientSecret: string;
  /** PEM of the certificate authority to trust at the endpoint and its login servers. */
  certificateAuthorityFile: string;
  /** Where who may read this file reaches the endpoint without TLS, on the machine of the control plane. */
  socketPath?: string | undefined;
}
