// Promise.all that waits for everything before it fails. A copy that failed in one branch must not go on in others
// behind its caller's back: its open files and requests would outlive the copy.

/** @throws the first reason, in the order of `work`, once all have settled */
export async function settleAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
