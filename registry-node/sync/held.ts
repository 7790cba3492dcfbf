// Repositories whose changes cannot go up now: the sync token may not make them, somebody locked what they are about, or an image is
// not whole here. Each is held back by itself, from the first of its rows that has not gone up, and told by name.
import type { FeedEvent } from '../content/feed.ts';
import type { OciError } from '../oci/errors.ts';
import type { RepositoryAction } from '../oci/scope.ts';
import type { SyncContext } from './context.ts';

export const actionNeeded: Record<FeedEvent['action'], RepositoryAction> = {
  push: 'content/write',
  tag: 'content/write',
  delete: 'content/delete',
  untag: 'content/delete',
};

export interface Hold {
  code: 'PushDenied' | 'PushIncomplete';
  /** Why, for the log. */
  because: string;
  description: string;
}

const denied = {
  code: 'PushDenied',
  because: 'the parent does not let this node change the repository',
} as const;

export function notGranted({ name }: SyncContext, { repository, action }: FeedEvent): Hold {
  const description =
    `Changes to '${repository}' stay on this node, because its sync token is not allowed ${actionNeeded[action]} there. ` +
    `They go up by themselves after 'acrc connected-registry permissions update -r <registry> -n ${name} --add ${repository}'.`;
  return { ...denied, description };
}

export function lockedThere({ repository }: FeedEvent): Hold {
  const description =
    `Changes to '${repository}' stay on this node, because the parent has it, or an image in it, locked. ` +
    `They go up by themselves after 'acrc repository update -n <registry> --repository ${repository} --write-enabled true', ` +
    'or the same with --image.';
  return { ...denied, description };
}

/** A client deleted the blob and left the manifest, or the disk lost it. */
export function incompleteHere({ repository, digest }: FeedEvent, { message }: OciError): Hold {
  const description =
    `Changes to '${repository}' stay on this node, because its image ${digest} is not whole here: ${message}. ` +
    'They go up by themselves when the image is pushed to this node again, or deleted from it.';
  return { code: 'PushIncomplete', because: 'an image of the repository is not whole here', description };
}

export async function hold(
  { state, status, logger }: SyncContext,
  { repository, seq, action }: FeedEvent,
  { code, because, description }: Hold,
): Promise<void> {
  const { push } = state.value;
  if (!(repository in push.held)) {
    await state.update({ push: { ...push, held: { ...push.held, [repository]: seq } } });
    logger.warn({ repository, action }, `held back: ${because}`);
  }
  status.raise(troubleKey(repository), { type: 'Push', code, description });
}

export async function release({ state, status }: SyncContext, repository: string): Promise<void> {
  const { push } = state.value;
  const { [repository]: _, ...held } = push.held;
  await state.update({ push: { ...push, held } });
  status.clear(troubleKey(repository));
}

const troubleKey = (repository: string): string => `held ${repository}`;
