// What a composition has opened on its way up, to be let go of when it closes, and when a later step of opening fails.

export class Closers {
  #closers: (() => unknown)[] = [];

  add(...closers: readonly (() => unknown)[]): void {
    this.#closers.push(...closers);
  }

  /** Calls each once, the last that was added first, also when one fails. @throws what the first that failed throws */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** @returns what `open` does; when it fails, what was opened until then is closed again */
  static async opening<T>(open: (closers: Closers) => Promise<T>): Promise<T> {
    const closers = new Closers();
    try {
      return await open(closers);
    } catch (error) {
      // Why it could not be opened says more than what could not be closed after it.
      await closers.close().catch(() => undefined);
      throw error;
    }
  }
}
