// Another registry over HTTP, whichever it is: the parent of a node, the source of an import. Signs in when it is
// challenged, keeps tokens, and speaks the distribution API in the vocabulary of oci/.
import type { Agent as HttpAgent } from 'node:http';
import { type Clock, systemClock } from '../clock.ts';
import type { Proxy } from '../config.ts';
import { blobRequests, type BlobRequests } from './blobs.ts';
import { createExchange } from './exchange.ts';
import { listRequests, type ListRequests } from './lists.ts';
import { manifestRequests, type ManifestRequests } from './manifests.ts';
import { referrerRequests, type ReferrerRequests } from './referrers.ts';
import { createRequests, type Requests } from './requests.ts';
import { createSignIn, type Credentials } from './sign-in.ts';
import { uploadRequests, type UploadRequests } from './uploads.ts';

export interface RemoteRegistryOptions {
  /** Host, and port when it is not the protocol's own. */
  endpoint: string;
  protocol: 'https' | 'http';
  /** Absent: anonymous. */
  credentials?: Credentials | undefined;
  /** See `SignInOptions.renewCredentials`. */
  renewCredentials?: (() => Promise<Credentials | undefined>) | undefined;
  /** See `SignInOptions.tokenPath`. */
  tokenPath?: string | undefined;
  /** PEM of certificate authorities to trust besides the system's. */
  certificateAuthority?: string | undefined;
  userAgent?: string | undefined;
  /** Connections at once; further requests wait for one. */
  connectionsMax?: number | undefined;
  /** How long an answer, or the next bytes of one, may stay away. */
  silenceMaxMs?: number | undefined;
  clock?: Clock | undefined;
  /** See `RequestsOptions.marksAnswers`. */
  marksAnswers?: boolean | undefined;
  /** See `ConnectionsOptions`. */
  proxy?: Proxy | undefined;
  http?: HttpAgent | undefined;
}

export interface RemoteRegistry
  extends ManifestRequests, BlobRequests, ListRequests, ReferrerRequests, UploadRequests, Requests {
  /** As given: host and port. For messages. */
  readonly endpoint: string;
  /** Cuts what is still running, and every connection that is kept; the next request makes a new one. */
  disconnect(): void;
  /** Cuts what is still running. */
  close(): Promise<void>;
}

const connectionsDefault = 32;
const silenceDefaultMs = 30_000;

export function openRemoteRegistry(options: RemoteRegistryOptions): RemoteRegistry {
  const { credentials, renewCredentials, certificateAuthority, endpoint, tokenPath } = options;
  const clock = options.clock ?? systemClock;
  const origin = new URL(`${options.protocol}://${endpoint}`);
  const exchange = createExchange({
    certificateAuthority,
    userAgent: options.userAgent ?? 'acrc',
    connectionsMax: options.connectionsMax ?? connectionsDefault,
    silenceMaxMs: options.silenceMaxMs ?? silenceDefaultMs,
    clock,
    marksAnswers: options.marksAnswers,
    proxy: options.proxy,
    http: options.http,
  });
  const signIn = createSignIn({ origin, credentials, renewCredentials, tokenPath, exchange, clock });
  const { marksAnswers } = options;
  const requests = createRequests({ origin, exchange, signIn, marksAnswers });
  const manifests = manifestRequests(requests);
  return {
    endpoint,
    ...requests,
    ...manifests,
    ...blobRequests(requests),
    ...listRequests(requests),
    ...referrerRequests(requests, manifests),
    ...uploadRequests(requests),
    disconnect: () => exchange.disconnect(),
    close: () => exchange.close(),
  };
}
