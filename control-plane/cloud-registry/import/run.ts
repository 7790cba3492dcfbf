// One import from its source to its end: it lives in the registries that it copies from and to, and ends with them.
import { readFile } from 'node:fs/promises';
import { type Clock, startDeadline } from '../../../registry-node/clock.ts';
import type { Proxy } from '../../../registry-node/config.ts';
import type { Credentials } from '../../../registry-node/remote/sign-in.ts';
import { ArmError } from '../../arm/errors.ts';
import type { OperationNotes } from '../../arm/long-running.ts';
import type { CloudRegistry } from '../open.ts';
import type { CloudRegistries } from '../registries.ts';
import { persist } from './attempts.ts';
import { explainFailure } from './failure.ts';
import { type ImportJob, startImport } from './job.ts';
import { createProgress } from './progress.ts';
import { rememberManifests } from './remember.ts';
import { contentSource, type ImportSource, openHostSource } from './source.ts';

export interface ImportRequest {
  notes: OperationNotes;
  credentials?: Credentials | undefined;
  /** A restart interrupted it, which may have cut its source off as well. */
  isResumed?: boolean;
}

export interface ImportSurroundings {
  registries: Pick<CloudRegistries, 'get'>;
  /** Trusted besides the system's: sources may be login servers of this control plane. */
  authorityFile: string;
  /** The way to sources that are reached by TLS; absent: straight. */
  proxy?: Proxy | undefined;
  clock: Clock;
  /** Aborts when the control plane stops. */
  stop: AbortSignal;
  /** Of a source; absent: as long as of any other registry. */
  silenceMaxMs?: number | undefined;
}

/** A source that sends a byte now and then keeps nobody waiting for ever. */
const importLastsMaxMs = 24 * 3600 * 1000;

/** @throws ArmError saying why the image is not there; anything when `stop` aborts */
export async function runImport(
  surroundings: ImportSurroundings,
  job: ImportJob,
  request: ImportRequest,
): Promise<void> {
  const { registries, clock, stop } = surroundings;
  const target = await registries.get(job.registry);
  const origin = 'registry' in job.source ? await registries.get(job.source.registry) : undefined;
  const deadline = startDeadline(clock, importLastsMaxMs);
  const endings: [AbortSignal, ArmError][] = [
    [deadline.signal, failed(job, 'the import took longer than 24 hours')],
    [target.background.ending, failed(job, 'the registry was deleted')],
  ];
  if (origin) endings.push([origin.background.ending, failed(job, 'the source registry was deleted')]);
  const signal = AbortSignal.any([stop, ...endings.map(([ending]) => ending)]);
  const copy = (): Promise<void> => copyImage(surroundings, job, request, { target, origin, signal });
  try {
    await target.background.run(origin ? () => origin.background.run(copy) : copy);
  } catch (error) {
    throw endings.find(([ending]) => ending.aborted)?.[1] ?? explainFailure(job, error);
  } finally {
    deadline.end();
  }
}

async function copyImage(
  surroundings: ImportSurroundings,
  job: ImportJob,
  { notes, credentials, isResumed = false }: ImportRequest,
  ends: { target: CloudRegistry; origin: CloudRegistry | undefined; signal: AbortSignal },
): Promise<void> {
  const { target, origin, signal } = ends;
  const source =
    'host' in job.source
      ? await openHost(surroundings, { job, host: job.source.host, credentials, signal })
      : contentSource(origin!.content, job.source.registry);
  try {
    const progress = createProgress(notes.progress);
    const started = startImport({
      job,
      source,
      target: target.content,
      signal,
      progress,
      keep: (found) => notes.work({ kind: 'import', job: found }),
    });
    await persist({
      attempt: started.attempt,
      hasBegun: () => isResumed || started.hasBegun(),
      bytes: progress.bytes,
      clock: surroundings.clock,
      signal,
    });
  } finally {
    await source.close();
  }
}

async function openHost(
  { authorityFile, proxy, clock, silenceMaxMs }: ImportSurroundings,
  {
    job,
    host,
    credentials,
    signal,
  }: { job: ImportJob; host: string; credentials: Credentials | undefined; signal: AbortSignal },
): Promise<ImportSource> {
  if (job.hasCredentials && !credentials) {
    throw failed(
      job,
      'the control plane was restarted during the import, and credentials of a source are not kept. ' +
        'Import again; what has arrived is not fetched again',
    );
  }
  const certificateAuthority = await readFile(authorityFile, 'utf8');
  const options = { credentials, certificateAuthority, proxy, clock, silenceMaxMs };
  return rememberManifests(await openHostSource(host, options, signal));
}

function failed({ registryId, image }: ImportJob, reason: string): ArmError {
  return new ArmError(
    'ImportFailed',
    `Resource ${registryId} The image ${image} could not be imported: ${reason}.`,
  );
}
