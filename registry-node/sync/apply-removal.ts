// What goes away here, as it did at the parent, unless a change that was made here needs it.
import type { SyncContext } from './context.ts';
import { type Outcome, yielding } from './from-parent.ts';
import type { RemovalStep } from './plan.ts';

type RemovalContext = Pick<SyncContext, 'content' | 'logger' | 'pending'>;

export async function applyRemoval(context: RemovalContext, step: RemovalStep): Promise<Outcome> {
  const { pending, logger } = context;
  await pending.refresh();
  const name = step.kind === 'untag' ? step.tag : step.kind === 'delete' ? step.digest : undefined;
  if (name !== undefined && pending.untold.isAhead(step.repository, name)) return 'passed over';
  if (await remove(context, step)) logger.info(step, 'removed, as at the parent');
  return 'done';
}

/** @returns false when it is gone already, or a local change needs it */
async function remove({ content, pending }: RemovalContext, step: RemovalStep): Promise<boolean> {
  const { repository } = step;
  if (step.kind === 'untag') {
    if (pending.tag(repository, step.tag)) return false;
    return content.untag(repository, step.tag, yielding(pending));
  }
  if (step.kind === 'delete') {
    // An index that a client has pushed goes up whole, with what it lists.
    const listing = await content.indexesListing(repository, step.digest);
    if ([step.digest, ...listing].some((each) => pending.manifest(repository, each))) return false;
    return content.deleteManifest(repository, step.digest, yielding(pending));
  }
  if (pending.repository(repository)) return false;
  return content.deleteRepository(repository, yielding(pending));
}
