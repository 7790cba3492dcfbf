// One at a time per name, in the order in which they came; different names do not wait for each other. A blob's file and
// its row are two things, and what makes or removes both takes its turn here (collection/collect.ts tells why).
export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work, work);
    const settled = mine.then(forget, forget);
    last.set(name, settled);
    function forget(): void {
      if (last.get(name) === settled) last.delete(name);
    }
    return mine;
  };
}
