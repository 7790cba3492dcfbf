// A thread that hashes what arrives. SHA-256 takes more than a third of the time that a push keeps the event loop busy, and
// needs nothing of it: so the loop goes on receiving meanwhile, on another core. The thread starts with the first large
// piece, since it costs 11 MB; it is the process's only one, and one hashes more than a disk can write.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

interface Order {
  /** Whoever hashes something has a number of its own. */
  hash: number;
  /** The next piece. Not copied when it lies in shared memory. */
  bytes: Uint8Array;
  /** Numbers of hashes that nobody asks for any more. */
  forgotten: number[];
}

export interface HashThread {
  /**
   * Hashes the next piece, one order after the other.
   * @returns the sha256 of all its pieces so far, in hex
   * @throws when the thread has ended, and with it all that it had hashed
   */
  update(hash: number, bytes: Uint8Array): Promise<string>;
  /** Nobody asks for the hash any more. The thread hears of it with the next piece: to wake it costs as much as a write. */
  forget(hash: number): void;
  readonly ended: boolean;
  end(): Promise<void>;
}

let shared: HashThread | undefined;
let cores: number | undefined;

/** The process's own; undefined where there is no second core or no second thread to be had. */
export function sharedHashThread(): HashThread | undefined {
  if (shared && !shared.ended) return shared;
  cores ??= availableParallelism();
  if (cores === 1) return undefined;
  try {
    return (shared = startHashThread());
  } catch {
    // The system has no thread to give, now.
    return undefined;
  }
}

export function startHashThread(): HashThread {
  const waiting: PromiseWithResolvers<string>[] = [];
  const forgotten: number[] = [];
  let ended = false;
  // Its text is what runs, so that a checkout and the package, which is a bundle, start the same.
  const worker = new Worker(`(${program.toString()})()`, { eval: true, name: 'hash', execArgv: [], env: {} });
  worker.on('message', (hex: string) => {
    waiting.shift()?.resolve(hex);
    if (waiting.length === 0) worker.unref();
  });
  // What it says is of no use to those who wait: they read the file instead.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    ended = true;
    for (const { reject } of waiting.splice(0)) reject(lost());
  });
  // A process that has nothing else to do ends.
  worker.unref();
  return {
    update: async (hash, bytes) => {
      if (ended) throw lost();
      const answered = Promise.withResolvers<string>();
      if (waiting.push(answered) === 1) worker.ref();
      worker.postMessage({ hash, bytes, forgotten: forgotten.splice(0) } satisfies Order);
      return answered.promise;
    },
    forget: (hash) => void forgotten.push(hash),
    get ended() {
      return ended;
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

function lost(): Error {
  return new Error('the thread that hashes has ended');
}

/** The thread's own program. It knows nothing of this file. */
function program(): void {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const hashes = new Map<number, ReturnType<typeof createHash>>();
  parentPort?.on('message', ({ hash: number, bytes, forgotten }: Order) => {
    for (const each of forgotten) hashes.delete(each);
    const hash = hashes.get(number) ?? createHash('sha256');
    hashes.set(number, hash.update(bytes));
    parentPort.postMessage(hash.copy().digest('hex'));
  });
}
