// A node listens before it has taken its name at the parent, so that what it holds is served at once. Whoever starts it
// wants to know how that went: taken, refused, or not yet because the parent is out of reach.
import type { RunningNode } from '../../../registry-node/index.ts';
import type { Clock } from '../../../registry-node/clock.ts';

/** A parent that swallows packets keeps the first attempt open for long; the node goes on with it meanwhile. */
const waitMaxMs = 10_000;

/** @returns a notice when the name is not taken yet. @throws Error the parent's refusal */
export async function waitForActivation(running: RunningNode, clock: Clock): Promise<string | undefined> {
  const timeout = new AbortController();
  const silence = clock.sleep(waitMaxMs, timeout.signal).then(
    () => 'The parent has not answered yet.',
    () => undefined,
  );
  const ended = running.stopped.then((reason) => {
    throw reason ?? new Error('The node stopped while it was starting.');
  });
  try {
    const notYet = await Promise.race([ended, running.firstContact, silence]);
    return notYet && `The node runs, but has not taken its name yet. ${notYet}`;
  } finally {
    timeout.abort();
    // Once it runs, how it ends is for others to hear.
    ended.catch(() => undefined);
  }
}
