// What the engine concludes from a failure: how it is told, how long to wait at most before the next attempt, and
// whether it is a reason to give up when this node has never held its name. A table, then the sentences for people.
import { RemoteError, type RemoteErrorKind } from '../remote/errors.ts';
import { codeOf, diskTrouble } from './disk-trouble.ts';
import type { Trouble } from './status.ts';
import { type SpentBudget, spentBudgetIn, sayBudgetSpent } from './traffic/budget.ts';

export interface Failure {
  trouble: Trouble;
  /** Refusals are asked again rarely; a parent that comes back is found soon. */
  retryMaxMs: number;
  retryAtLeastMs: number;
  /** Only a person can mend it. */
  refused: boolean;
  /** The parent refused or failed, or was not reached: nothing of this machine. */
  atParent: boolean;
  /** It was expected, and is to be known: nothing is wrong. */
  informs: boolean;
}

export const reconnectMaxMs = 5_000;
export const refusedRetryMaxMs = 60_000;
const diskRetryMaxMs = 15_000;
/** The work itself waits for the budget to return. */
const budgetRetryMaxMs = 1_000;

const refusals: ReadonlySet<RemoteErrorKind> = new Set(['unauthorized', 'denied', 'not-found', 'conflict']);

export function judge(error: unknown, name: string): Failure {
  const disk = diskTrouble(error);
  const local = { retryAtLeastMs: 0, refused: false, atParent: false, informs: false };
  if (disk) return { ...local, trouble: disk, retryMaxMs: diskRetryMaxMs };
  const spent = spentBudgetIn(error);
  if (spent) {
    return { ...local, trouble: budgetTrouble(spent.budget), retryMaxMs: budgetRetryMaxMs, informs: true };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof RemoteError)) {
    const trouble = { type: 'Sync', code: codeOf(error) ?? 'SyncError', description: message };
    return { ...local, trouble, retryMaxMs: refusedRetryMaxMs };
  }
  // Who says when to ask again may know more by then.
  const refused = refusals.has(error.kind) && error.retryAfterMs === undefined;
  const code = error.code ?? error.kind.toUpperCase().replace('-', '_');
  return {
    trouble: { type: 'Sync', code, description: `${message.replace(/\.$/, '')}. ${remedy(error, name)}` },
    retryMaxMs: refused || error.kind === 'malformed' ? refusedRetryMaxMs : reconnectMaxMs,
    retryAtLeastMs: error.retryAfterMs ?? 0,
    refused,
    atParent: true,
    informs: false,
  };
}

/** To be known, and nothing that is wrong. */
export function budgetTrouble(spent: SpentBudget): Trouble {
  return { type: 'Sync', code: 'SyncBudgetSpent', description: sayBudgetSpent(spent) };
}

/** What to do next, as a sentence with the command. */
function remedy(error: RemoteError, name: string): string {
  switch (error.kind) {
    case 'unauthorized':
      if (error.retryAfterMs !== undefined) {
        return (
          'The parent has no contact with its own parent now, and may not know the sync token or its newest password yet. ' +
          'The node serves what it has and asks again by itself.'
        );
      }
      return (
        'The sync token or its password is not accepted: the password was made anew, the token disabled, or the connected ' +
        'registry deleted. Make a new one with ' +
        `'acrc connected-registry get-settings -r <registry> -n ${name} --parent-protocol https --generate-password 1' ` +
        'and start the node with the connection string that it prints.'
      );
    case 'conflict':
      return (
        `Another instance holds the name. Stop it, or free the name with ` +
        `'acrc connected-registry deactivate -r <registry> -n ${name}', and start this node again.`
      );
    case 'denied':
      return (
        `The sync token is known and not allowed to act for '${name}', or the name was deactivated. Look at it with ` +
        `'acrc connected-registry show -r <registry> -n ${name}'; starting the node again claims the name again.`
      );
    case 'not-found':
      if (error.code === 'NAME_UNKNOWN') {
        return `There is no connected registry '${name}' at the parent: see 'acrc connected-registry list -r <registry>'.`;
      }
      return error.code === undefined || error.code === 'UNSUPPORTED'
        ? 'The address answers and is not a parent registry. Check ParentGatewayEndpoint in the connection string.'
        : 'The node serves what it has and keeps trying.';
    default:
      return 'The node serves what it has and keeps trying.';
  }
}
