// What a person at a terminal sees of what takes time: that it goes on, or how many bytes of how many are done. All of it is
// on stderr and gone when the work has ended.
import ora, { type Ora } from 'ora';
import type { Clock } from '../../registry-node/clock.ts';

export interface Progress {
  /** That many bytes more are to be done. */
  expect(bytes: number): void;
  /** That many bytes more are done. */
  add(bytes: number): void;
  /** That many bytes of that many are done by now, whatever was said before. */
  reach(done: number, total: number): void;
}

const barCharacters = 20;
/** A rate over less time than that would jump. */
const rateAfterMs = 1000;

export function withSpinner<T>(text: string, work: Promise<T>, stream: NodeJS.WriteStream): Promise<T> {
  const spinner = spin(text, stream);
  return work.finally(() => spinner.stop());
}

export async function withBar<T>(
  text: string,
  work: (progress: Progress) => Promise<T>,
  { stderr, clock }: { stderr: NodeJS.WriteStream; clock: Clock },
): Promise<T> {
  const started = clock.now().getTime();
  const spinner = spin(text, stderr);
  let [done, total] = [0, 0];
  const show = (): void => {
    spinner.text = barLine(text, { done, total, ms: clock.now().getTime() - started });
  };
  try {
    return await work({
      expect: (bytes) => {
        total += bytes;
        show();
      },
      add: (bytes) => {
        done += bytes;
        show();
      },
      reach: (...bytes) => {
        [done, total] = bytes;
        show();
      },
    });
  } finally {
    spinner.stop();
  }
}

/**
 * The context asks for it at a terminal only; ora would also look at CI, and write lines there that nobody wipes away. It leaves
 * stdin alone: where ora reads it to hide what is typed, the terminal sends no signal for Ctrl-C any more.
 */
function spin(text: string, stream: NodeJS.WriteStream): Ora {
  return ora({ text, stream, isEnabled: stream.isTTY, discardStdin: false }).start();
}

export interface Count {
  /** Bytes. */
  done: number;
  total: number;
  /** Since it began. */
  ms: number;
}

/** `Pushing 'app' ████████░░░░░░░░░░░░ 41% 12.3 of 30.0 MB, 4.1 MB/s` */
export function barLine(text: string, { done, total, ms }: Count): string {
  if (total === 0) return text;
  const share = Math.min(done / total, 1);
  const filled = Math.round(share * barCharacters);
  const bar = '█'.repeat(filled) + '░'.repeat(barCharacters - filled);
  const rate = ms < rateAfterMs ? '' : `, ${megabytes((done / ms) * 1000)} MB/s`;
  const sizes = `${megabytes(done)} of ${megabytes(total)} MB${rate}`;
  return `${text} ${bar} ${Math.floor(share * 100)}% ${sizes}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
