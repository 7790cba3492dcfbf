// What a request to another registry is for: the key under which its token is kept, and the scope to ask the token for
// (distribution's token specification, "Token Scope").

export interface Purpose {
  /** Requests with the same key share a token. */
  key: string;
  /** The token protocol's scope, when it is known without asking; else the registry's challenge tells. */
  scope?: string | undefined;
}

const repository =
  (actions: string) =>
  (name: string): Purpose => {
    const scope = `repository:${name}:${actions}`;
    return { key: scope, scope };
  };

export const pulling = repository('pull');
export const pushing = repository('pull,push');
export const deleting = repository('delete');
export const catalog: Purpose = { key: 'catalog', scope: 'registry:catalog:*' };
/** A token without scopes: the gateway asks who calls, and its directory what that caller may do. */
export const gateway: Purpose = { key: 'gateway', scope: '' };
