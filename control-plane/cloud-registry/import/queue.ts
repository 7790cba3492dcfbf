// Imports in the background: a bounded number at once, tried again when the source is busy, taken up again after a
// restart.
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../../registry-node/clock.ts';
import { OciError } from '../../../registry-node/oci/errors.ts';
import { isRemoteError, RemoteError } from '../../../registry-node/remote/errors.ts';
import type { Credentials } from '../../../registry-node/remote/sign-in.ts';
import { ArmError } from '../../arm/errors.ts';
import { OperationStopped } from '../../arm/long-running.ts';
import type { CloudRegistries } from '../registries.ts';
import { type ImportJob, runImport } from './job.ts';
import { contentSource, type ImportSource, openHostSource } from './source.ts';

const importsMax = 4;
/** Waits before the second and further attempts. */
const retryAfterMs = [1000, 5000, 20_000] as const;

export interface Imports {
  /**
   * Resolves when the image is there. @throws ArmError saying why not; OperationStopped when the control plane stops
   */
  run(job: ImportJob, credentials?: Credentials): Promise<void>;
}

export interface ImportsOptions {
  registries: CloudRegistries;
  /** Trusted besides the system's: sources may be login servers of this control plane. */
  authorityFile: string;
  clock: Clock;
  /** Aborts when the control plane stops. */
  stop: AbortSignal;
}

export function createImports(options: ImportsOptions): Imports {
  const { clock, stop } = options;
  const running = new Set<Promise<void>>();

  const attempt = async (job: ImportJob, credentials: Credentials | undefined): Promise<void> => {
    const { content: target } = await options.registries.get(job.registry);
    const source = await openSource(options, job, credentials);
    try {
      await runImport(job, { source, target, signal: stop });
    } finally {
      await source.close();
    }
  };
  const persist = async (job: ImportJob, credentials: Credentials | undefined): Promise<void> => {
    for (let tries = 0; ; tries++) {
      try {
        return await attempt(job, credentials);
      } catch (error) {
        const waitMs = retryAfterMs[tries];
        if (stop.aborted) throw new OperationStopped();
        if (waitMs === undefined || !isRemoteError(error, 'busy', 'failed', 'unreachable'))
          throw explain(job, error);
        await clock.sleep(Math.max(waitMs, error.retryAfterMs ?? 0), stop).catch(() => {
          throw new OperationStopped();
        });
      }
    }
  };

  return {
    run: async (job, credentials) => {
      while (running.size >= importsMax) await Promise.race(running);
      if (stop.aborted) throw new OperationStopped();
      const done = persist(job, credentials);
      const settled = done.then(
        () => undefined,
        () => undefined,
      );
      running.add(settled);
      await done.finally(() => running.delete(settled));
    },
  };
}

async function openSource(
  { registries, authorityFile, clock, stop }: ImportsOptions,
  { source, hasCredentials }: ImportJob,
  credentials: Credentials | undefined,
): Promise<ImportSource> {
  if ('registry' in source)
    return contentSource(source.registry, (await registries.get(source.registry)).content);
  if (hasCredentials && !credentials) {
    throw new ArmError(
      'ImportFailed',
      'The control plane was restarted during the import, and credentials of a source are not kept. Import again.',
    );
  }
  const certificateAuthority = await readFile(authorityFile, 'utf8');
  return openHostSource(source.host, { credentials, certificateAuthority, clock }, stop);
}

/** @returns the failure in ARM's vocabulary; one that is ours stays as it is, for the log */
function explain(job: ImportJob, error: unknown): unknown {
  if (!(error instanceof RemoteError || error instanceof OciError)) return error;
  const code = isRemoteError(error, 'not-found') ? 'ImportSourceNotFound' : 'ImportFailed';
  return new ArmError(code, `The image ${job.image} could not be imported: ${error.message}`, undefined, {
    cause: error,
  });
}
