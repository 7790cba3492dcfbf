// Repositories whose changes the parent does not take, because the sync token may not make them or somebody locked what they are
// about. Each is held back by itself, from the first of its rows that has not gone up, and told by name.
import type { FeedEvent } from '../content/feed.ts';
import type { RepositoryAction } from '../oci/scope.ts';
import type { SyncContext } from './context.ts';

export const actionNeeded: Record<FeedEvent['action'], RepositoryAction> = {
  push: 'content/write',
  tag: 'content/write',
  delete: 'content/delete',
  untag: 'content/delete',
};

export async function hold(
  { name, state, status, logger }: SyncContext,
  { repository, seq, action }: FeedEvent,
  why: 'not granted' | 'locked',
): Promise<void> {
  const { push } = state.value;
  if (!(repository in push.held)) {
    await state.update({ push: { ...push, held: { ...push.held, [repository]: seq } } });
    logger.warn({ repository, action }, 'held back: the parent does not let this node change the repository');
  }
  const locked =
    `Changes to '${repository}' stay on this node, because the parent has it, or an image in it, locked. ` +
    `They go up by themselves after 'acrc repository update -n <registry> --repository ${repository} --write-enabled true', ` +
    'or the same with --image.';
  const notGranted =
    `Changes to '${repository}' stay on this node, because its sync token is not allowed ${actionNeeded[action]} there. ` +
    `They go up by themselves after 'acrc connected-registry permissions update -r <registry> -n ${name} --add ${repository}'.`;
  const description = why === 'locked' ? locked : notGranted;
  status.raise(troubleKey(repository), { type: 'Push', code: 'PushDenied', description });
}

export async function release({ state, status }: SyncContext, repository: string): Promise<void> {
  const { push } = state.value;
  const { [repository]: _, ...held } = push.held;
  await state.update({ push: { ...push, held } });
  status.clear(troubleKey(repository));
}

const troubleKey = (repository: string): string => `held ${repository}`;
