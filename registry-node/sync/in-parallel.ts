// Runs work side by side, within a bound.

/** At most `max` at once. After a failure nothing more is begun, what runs is aborted, and the failure is thrown. */
export async function inParallel<T>(
  items: readonly T[],
  max: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stops = AbortSignal.any([signal, failed.signal]);
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (stops.aborted) return;
      try {
        await work(item, stops);
      } catch (error) {
        failures.push(error);
        failed.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(max, items.length) }, worker));
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
