// Prints a log file, its end, and what is added to it while somebody watches. A terminal gets readable lines, a pipe the
// JSON as it was written.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';
import { readableLine } from './log.ts';

export interface LogOptions {
  /** The last so many lines; absent: all. */
  tail: number | undefined;
  follow: boolean;
  /** Whether more may come. */
  readonly isRunning: () => Promise<boolean>;
}

const checkEveryMs = 200;

export async function showLog(
  context: Context,
  file: string,
  { tail, follow, isRunning }: LogOptions,
): Promise<void> {
  const { stdout, clock } = context;
  const print = (line: string): void => void stdout.write(`${stdout.isTTY ? readableLine(line) : line}\n`);
  let position = await sizeOf(file);
  if (position === undefined) {
    throw failure(
      `There is no log ${file}.`,
      'A process in the foreground logs to its standard output only.',
    );
  }
  await printFrom(file, 0, position, tail, print);
  if (!follow) return;
  for (;;) {
    const running = await isRunning();
    const size = (await sizeOf(file)) ?? 0;
    // A file that shrank was set aside for a new one.
    if (size < position) position = 0;
    if (size > position) await printFrom(file, position, size, undefined, print);
    else if (!running) return;
    position = size;
    await clock.sleep(checkEveryMs);
  }
}

async function printFrom(
  file: string,
  start: number,
  end: number,
  tail: number | undefined,
  print: (line: string) => void,
): Promise<void> {
  if (end <= start) return;
  const input = createReadStream(file, { start, end: end - 1, encoding: 'utf8' });
  const kept: string[] = [];
  for await (const line of createInterface({ input })) {
    if (tail === undefined) print(line);
    else {
      kept.push(line);
      if (kept.length > tail) kept.shift();
    }
  }
  for (const line of kept) print(line);
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}
