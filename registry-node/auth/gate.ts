// The one place where a request to a registry is allowed or refused. Routes say what they need; the gate finds out who
// calls (bearer token, or Basic for users), asks the directory what that caller may do now, and answers.
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../directory/directory.ts';
import type { GatewayAction, RepositoryAction } from '../oci/scope.ts';

/** What a route needs. `change` says that it alters content, which a ReadOnly registry refuses to everyone. */
export type Need =
  | {
      kind: 'repository';
      repository: string;
      actions: readonly RepositoryAction[];
      change: boolean;
      /** One of `actions` is enough. */
      any?: boolean;
    }
  | { kind: 'catalog' }
  | { kind: 'gateway'; connectedRegistry: string; actions: readonly GatewayAction[] }
  | { kind: 'sign-in' };

export interface Caller {
  principal: Principal;
  /** May the caller do so in this repository, too? For catalog listings and mounts; asks the directory's grants and not
   * the token, which was made for another repository. Never throws. */
  may(repository: string, action: RepositoryAction): boolean;
}

export interface Gate {
  /**
   * @throws OciError UNAUTHORIZED: nobody, or a bearer token that lacks the need; the answer carries the challenge
   * @throws OciError DENIED: known, and not allowed
   */
  admit(request: FastifyRequest, need: Need): Promise<Caller>;
}
