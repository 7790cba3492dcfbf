// Scrub: reads again everything that is stored and verifies that each digest still tells the truth, because disks forget
// quietly. What is damaged is never served again: a blob's row and a manifest's row say so (`damaged_at`), and a blob's file is
// moved into quarantine. All links, references and tags stay as they are, so that bytes which arrive again, by a push or a
// copy from the parent, make everything well at once. One pass runs at a time and is resumed where it stopped.
import type { Kysely } from 'kysely';
import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Clock } from '../../clock.ts';
import type { Digest } from '../../oci/digest.ts';
import type { RepositoryName } from '../../oci/name.ts';
import type { Commit } from '../commit.ts';
import type { Content } from '../content.ts';
import type { ManifestCache } from '../manifest-cache.ts';
import type { Tables } from '../schema.ts';
import type { Turns } from '../turns.ts';
import { judge, scrubBlobs } from './blobs.ts';
import { readDamage } from './damage.ts';
import { scrubManifests } from './manifests.ts';
import { createPace } from './pace.ts';
import { openPass, type Pass, readProgress, type ScrubProgress } from './progress.ts';

/** What was found damaged: a blob, or a manifest of one repository. */
export interface Damage {
  digest: Digest;
  /** Of a manifest. */
  repository?: RepositoryName | undefined;
  reason: string;
}

export interface ScrubOptions {
  bytesPerSecond: number;
  /** Ends the pass between two reads; the next call resumes it. */
  signal?: AbortSignal | undefined;
}

export interface Scrubbing {
  content: Pick<Content, 'scrub' | 'scrubProgress' | 'damage' | 'onDamage'>;
  /** The blob could not be read as it should: it is examined at once, and not only by the next pass. */
  doubt(digest: Digest): void;
}

export interface Scrub {
  database: Kysely<Tables>;
  blobs: BlobStore;
  commit: Commit;
  turns: Turns;
  cache: ManifestCache;
  clock: Clock;
  /** To be called after so many bytes were read. @throws the reason of the signal */
  pace: (bytes: number) => Promise<void>;
  pass: Pass;
  found: (damage: Damage) => void;
}

export function scrubbing(
  parts: Pick<Scrub, 'database' | 'blobs' | 'commit' | 'turns' | 'cache' | 'clock'>,
): Scrubbing {
  const { database, clock, turns } = parts;
  const listeners = new Set<(damage: Damage) => void>();
  const doubted = new Set<Digest>();
  let current: Pass | undefined;

  const tell = (damage: Damage): void => {
    for (const listener of listeners) listener(damage);
  };
  const run = async ({ bytesPerSecond, signal }: ScrubOptions): Promise<ScrubProgress> => {
    const pass = (current = await openPass(parts));
    const found = (damage: Damage): void => {
      pass.countDamage();
      tell(damage);
    };
    const scrub: Scrub = { ...parts, pass, found, pace: createPace(clock, bytesPerSecond, signal) };
    try {
      if (!pass.progress.manifestsDone) await scrubManifests(scrub);
      await pass.advance({ manifestsDone: true });
      await scrubBlobs(scrub);
      await pass.advance({ endedAt: clock.now().toISOString() });
      return pass.progress;
    } finally {
      await pass.save().finally(() => (current = undefined));
    }
  };

  return {
    content: {
      scrub: (options) => turns('scrub', () => run(options)),
      scrubProgress: async () => current?.progress ?? readProgress(database),
      damage: (n) => readDamage(database, n),
      onDamage: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    doubt: (digest) => {
      if (doubted.has(digest)) return;
      doubted.add(digest);
      const forget = (): boolean => doubted.delete(digest);
      // A disk that cannot be asked now is asked again by who asks for the blob next.
      judge({ ...parts, found: tell }, digest).then(forget, forget);
    },
  };
}
