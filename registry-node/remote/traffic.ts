// What content meets on its way between two registries. Whoever paces, bounds and counts it implements this; a copy
// without it goes as fast as it can and is not counted.
import type { Flow } from '../blobs/flow.ts';
import type { Digest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/manifest.ts';

/** Seen from here: `received` from the other registry, or `sent` to it. */
export type Direction = 'received' | 'sent';

export interface Traffic {
  /**
   * Moves one chunk, from asking for it until it is kept. When no chunk is to begin any more, it waits for `signal`.
   * @throws BudgetSpent; the reason of `signal`; what `move` throws
   */
  chunk<T>(signal: AbortSignal | undefined, move: () => Promise<T>): Promise<T>;
  /**
   * The bytes of a blob as they come. What arrived is handed on before anything is waited for or refused, so that it is kept.
   * @throws BudgetSpent; the reason of `signal` while waiting
   */
  received(digest: Digest, body: Flow, signal: AbortSignal | undefined): Flow;
  /** The bytes of a blob as they go. @throws BudgetSpent; the reason of `signal` while waiting */
  sent(
    digest: Digest,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): AsyncIterable<Uint8Array>;
  /** A manifest of so many bytes passed. Resolves when more may pass. @throws the reason of `signal` */
  manifest(direction: Direction, bytes: number, signal: AbortSignal | undefined): Promise<void>;
  /** An image is whole at its target with these blobs: those that did not pass were there, or were resumed. */
  whole(direction: Direction, blobs: readonly Pick<Descriptor, 'digest' | 'size'>[]): void;
}
