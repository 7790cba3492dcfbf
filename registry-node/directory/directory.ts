// Who may do what in a registry. The cloud computes its directory from ARM resources; a node's is a document that its
// parent sends down, so that clients sign in while the link is cut.
import type { Grants } from '../oci/scope.ts';

export type RegistryMode = 'ReadWrite' | 'ReadOnly';

export interface Principal {
  /** Unique within the directory; the subject of the tokens issued to it. */
  name: string;
  grants: Grants;
  /**
   * What it signed in with, by a name that tells nothing of the secret; absent for anonymous callers. Tokens carry it,
   * so that they end with it.
   */
  credential?: string | undefined;
  /** The connected registry whose sync token this is: its pushes carry that origin. */
  connectedRegistry?: string | undefined;
}

export interface Directory {
  /** ReadOnly refuses every change by clients, whatever they are granted. */
  readonly mode: RegistryMode;
  /**
   * Signs a user in. @throws OciError UNAUTHORIZED, whose message says as much as the caller may know
   * ("Incorrect Password" as ACR words it)
   */
  authenticate(username: string, password: string): Promise<Principal>;
  /**
   * The principal as it is now, whatever tokens it still holds: undefined when it is gone or disabled, or when what it
   * signed in with is good no more.
   */
  principal(name: string, credential: string | undefined): Promise<Principal | undefined>;
  /** What a caller without credentials may do; undefined where anonymous pull is off. */
  anonymous(): Promise<Principal | undefined>;
}
