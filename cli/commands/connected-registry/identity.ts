// Signing a connected registry in by a managed identity: what az has since 2.91. A node here has no identity but its sync
// token, so all that is done is to say so, after the mistakes that az finds.
import { failure } from '../../errors.ts';
import { choice, text } from '../../parse/option.ts';

export const identityOptions = {
  authType: choice('--auth-type', 'How it signs in at its parent. Here: by its sync token.', [
    'SyncToken',
    'ManagedIdentity',
  ]),
  identity: text('--identity', 'Resource id of a managed identity. Not offered here.', { hidden: true }),
};

interface Given {
  authType: 'SyncToken' | 'ManagedIdentity' | undefined;
  identity: string | undefined;
  syncToken?: string | undefined;
  repository?: string[] | undefined;
}

/** @throws CliError when anything but a sync token is asked for */
export function refuseIdentity({ authType, identity, syncToken, repository }: Given): void {
  if (authType !== 'ManagedIdentity') {
    if (identity === undefined) return;
    throw failure('argument error: --identity is only applicable with --auth-type ManagedIdentity.');
  }
  if (identity === undefined) {
    throw failure(
      'argument error: --identity <user-assigned-managed-identity-resource-id> is required when --auth-type ManagedIdentity.',
    );
  }
  if (syncToken !== undefined || repository !== undefined) {
    throw failure(
      'argument error: --sync-token and --repository are not applicable when --auth-type ManagedIdentity.',
    );
  }
  throw failure(
    'Managed identities are not offered: a connected registry signs in by its sync token.',
    'Leave --auth-type out, and give --repository or --sync-token.',
  );
}
