// When a scrub runs: every week, at once when somebody asks, and further when it was interrupted. One at a time.
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import type { ScrubProgress } from '../content/scrub/progress.ts';
import { durationMs } from '../duration.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';

/** How far a scrub is; the counts are those of the pass that runs, or of the last one. */
export interface ScrubStatus extends ScrubCounts {
  /** `Interrupted` goes on by itself within a minute of the start. */
  state: 'Never' | 'Running' | 'Interrupted' | 'Complete';
  /** What this pass or an earlier one found damaged, and nothing has mended since; at most a hundred of each kind. */
  unmended: Unmended[];
}

type ScrubCounts = Partial<Omit<ScrubProgress, 'lastManifest' | 'manifestsDone' | 'lastBlob'>>;

export interface Unmended {
  kind: 'blob' | 'manifest';
  digest: Digest;
  /** Where it cannot be pulled from; of a blob that is in very many, some. */
  repositories: RepositoryName[];
}

export interface Scrubs {
  /** Begins a pass, or goes on with an interrupted one; leaves the one that runs to itself. */
  begin(): void;
  beginWhenDue(): Promise<void>;
  status(): Promise<ScrubStatus>;
  /** Resolves when no pass runs; none is to be begun after it. */
  close(): Promise<void>;
}

export interface ScrubsOptions {
  content: Pick<Content, 'scrub' | 'scrubProgress' | 'damage' | 'onDamage'>;
  clock: Clock;
  logger: Pick<Logger, 'info' | 'warn'>;
  /** Interrupts the pass that runs. */
  signal: AbortSignal;
}

const unmendedMax = 100;
const everyMs = durationMs('P7D');
/** Leaves most of a slow disk to others; 1 TiB takes nine hours. */
const bytesPerSecond = 32 * 1024 * 1024;

export function createScrubs({ content, clock, logger, signal }: ScrubsOptions): Scrubs {
  let running: Promise<void> | undefined;

  const unsubscribe = content.onDamage((damage) =>
    logger.warn(damage, 'damaged content was taken out of service; bytes that arrive again mend it'),
  );
  const pass = async (): Promise<void> => {
    try {
      logger.info(withoutPosition(await content.scrub({ bytesPerSecond, signal })), 'scrub');
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, 'the scrub was interrupted and goes on by itself');
    } finally {
      running = undefined;
    }
  };
  const begin = (): void => {
    running ??= pass();
  };
  return {
    begin,
    beginWhenDue: async () => {
      const endedAt = (await content.scrubProgress())?.endedAt;
      if (endedAt === undefined || clock.now().getTime() - Date.parse(endedAt) >= everyMs) begin();
    },
    status: async () => {
      const runs = running !== undefined;
      const progress = await content.scrubProgress();
      const unmended = await unmendedIn(content);
      // A pass that has only just begun has not replaced what is known of the last one.
      const current = progress?.endedAt === undefined ? progress : undefined;
      if (runs) return { state: 'Running', ...(current && withoutPosition(current)), unmended };
      if (!progress) return { state: 'Never', unmended };
      const state = progress.endedAt === undefined ? 'Interrupted' : 'Complete';
      return { state, ...withoutPosition(progress), unmended };
    },
    close: async () => {
      await running;
      unsubscribe();
    },
  };
}

function withoutPosition(progress: ScrubProgress): ScrubCounts {
  const { startedAt, endedAt, manifests, blobs, bytes, damaged } = progress;
  return { startedAt, ...(endedAt !== undefined && { endedAt }), manifests, blobs, bytes, damaged };
}

async function unmendedIn(content: Pick<Content, 'damage'>): Promise<Unmended[]> {
  const { manifests, blobs } = await content.damage(unmendedMax);
  return [
    ...manifests.map(({ digest, repository }) => ({
      kind: 'manifest' as const,
      digest,
      repositories: [repository],
    })),
    // What no repository shows is left to garbage collection.
    ...blobs
      .filter(({ repositories }) => repositories.length > 0)
      .map(({ digest, repositories }) => ({ kind: 'blob' as const, digest, repositories })),
  ];
}
