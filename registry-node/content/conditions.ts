// Changes that a client makes only to what it has seen. Looked at in the transaction of the change itself: between looking and
// changing there is no moment in which another client's change could come.
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Reference } from '../oci/reference.ts';
import type { ContentTransaction } from './commit.ts';
import type { Change } from './content.ts';
import { findStored } from './manifest-rows.ts';

/** @throws OciError PRECONDITION_FAILED */
export async function requireCondition(
  transaction: ContentTransaction,
  { condition }: Change,
  repository: RepositoryName,
): Promise<void> {
  if (!condition) return;
  const current = await digestNow(transaction, repository, condition.reference);
  if (condition.holds(current)) return;
  const { tag, digest } = condition.reference;
  const now = current === undefined ? 'is not there' : `is ${current}`;
  throw new OciError(
    'PRECONDITION_FAILED',
    `${tag ?? digest} of ${repository} ${now}, and the request expects another`,
  );
}

async function digestNow(
  transaction: ContentTransaction,
  repository: RepositoryName,
  { tag, digest }: Reference,
): Promise<Digest | undefined> {
  if (digest !== undefined) return (await findStored(transaction, repository, digest))?.digest;
  const row = await transaction.tables
    .selectFrom('tags')
    .where('repository', '=', repository)
    .where('name', '=', tag)
    .select('digest')
    .executeTakeFirst();
  return row?.digest;
}
