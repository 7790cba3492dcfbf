// What a composition has opened on its way up, to be let go of when it closes, and when a later step of opening fails.

export class Closers {
  #closers: (() => unknown)[] = [];

  add(...closers: readonly (() => unknown)[]): void {
    this.#closers.push(...closers);
  }

  /** Calls each once, the last that was added first. */
  async close(): Promise<void> {
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) await close();
  }

  /** @returns what `open` does; when it fails, what was opened until then is closed again */
  static async opening<T>(open: (closers: Closers) => Promise<T>): Promise<T> {
    const closers = new Closers();
    try {
      return await open(closers);
    } catch (error) {
      await closers.close();
      throw error;
    }
  }
}
