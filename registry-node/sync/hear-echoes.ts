// What an answer says of this node's own changes: which of them the parent tells back, and which of its words came before one.
import type { SyncResponse } from '../gateway/protocol.ts';
import type { SyncContext } from './context.ts';
import { lastOwnWords, namesOf } from './echo.ts';
import { lastOnes } from './unanswered.ts';

/** To be called before anything of the answer is planned. @throws RemoteError; the reason of `signal` */
export async function hearEchoes(
  context: SyncContext,
  response: SyncResponse,
  signal: AbortSignal,
): Promise<void> {
  const { name, pending } = context;
  const { events, more } = response;
  if (!more) pending.untold.toldAll();
  const words = lastOwnWords(events, name);
  await pending.refresh();
  for (const word of words) pending.untold.told(word);
  const doubtful = words.filter((word) => pending.mayHaveArrived(word));
  const last = more ? await lastOnes(context, doubtful, response, signal) : doubtful;
  for (const word of last) pending.arrive(word);
  if (!more) return;
  // What of this answer is about something whose echo follows came before this node's change of it.
  const waiting = events.filter(({ repository, tag, digest }) =>
    pending.untold.awaitsEcho(repository, tag ?? digest),
  );
  // A tag is on a manifest that the parent may have had already, so that nothing else is told of it.
  for (const { repository, tag, digest } of await lastOnes(context, waiting, response, signal, namesOf))
    pending.untold.forget(repository, tag ?? digest);
}
