// A map that forgets: bounded by the weight of what it holds, and what was not asked for longest goes first. For caches, and
// for things that are dear to keep open.

export interface BoundedMapOptions<Value> {
  weightMax: number;
  /** Of one entry; 1 when absent, which makes `weightMax` a count. */
  weigh?: (value: Value, key: string) => number;
  /** Called with each value that leaves for want of room, and with one that is too heavy to be kept at all. */
  onEvict?: (value: Value, key: string) => void;
}

export class BoundedMap<Value> {
  // A Map iterates in the order of insertion: the first entry is the one unused for longest.
  readonly #entries = new Map<string, { value: Value; weight: number }>();
  readonly #options: BoundedMapOptions<Value>;
  #weight = 0;
  /** Asked for again at once, as a hot entry is, it need not move. */
  #newest: string | undefined;

  constructor(options: BoundedMapOptions<Value>) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which becomes the most recently used. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (key !== this.#newest) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      this.#newest = key;
    }
    return entry.value;
  }

  set(key: string, value: Value): void {
    this.take(key);
    const { weightMax, weigh, onEvict } = this.#options;
    const weight = weigh?.(value, key) ?? 1;
    // By itself above the bound: making room for it would empty the map, and in vain.
    if (weight > weightMax) return onEvict?.(value, key);
    this.#entries.set(key, { value, weight });
    this.#newest = key;
    this.#weight += weight;
    for (const [oldest, entry] of this.#entries) {
      if (this.#weight <= weightMax) break;
      this.take(oldest);
      onEvict?.(entry.value, oldest);
    }
  }

  /** Takes the entry out. @returns its value */
  take(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
    return entry.value;
  }

  keys(): string[] {
    return [...this.#entries.keys()];
  }
}
