// Ctrl-C in the middle of a command: what was changed before, and what may have been, is said, so that nothing half-made is
// left without a name. Nothing is registered until the first change is asked for.
import { CliError } from './errors.ts';

export interface Changes {
  /**
   * Runs `work`, which changes `what`, e.g. `PUT /subscriptions/…/tokens/reader`.
   * @param happened whether it did, by what `work` came to; absent: when it did not throw
   */
  track<T>(what: string, work: () => Promise<T>, happened?: (result: T) => boolean): Promise<T>;
  /** What a person may do who gave up in the middle; said after the list. */
  advise(advice: string): void;
  /** The command is over: Ctrl-C means nothing more. */
  end(): void;
}

/** A push may have made thousands of blobs. */
const shownMax = 20;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param tell says the error on stderr; the process then ends by the signal itself, as a shell expects */
export function createChanges(process: NodeJS.Process, tell: (error: CliError) => void): Changes {
  const made: string[] = [];
  const underWay = new Set<string>();
  let advice = 'The same command again goes on from there.';
  let listening = false;
  const stop = (signal: NodeJS.Signals): void => {
    end();
    tell(interrupted([...made], [...underWay], advice));
    process.kill(process.pid, signal);
  };
  const listen = (): void => {
    if (listening) return;
    listening = true;
    for (const signal of signals) process.on(signal, stop);
  };
  const end = (): void => {
    for (const signal of signals) process.off(signal, stop);
  };
  return {
    track: async (what, work, happened = () => true) => {
      listen();
      underWay.add(what);
      try {
        const result = await work();
        if (happened(result)) made.push(what);
        return result;
      } finally {
        underWay.delete(what);
      }
    },
    advise: (text) => void (advice = text),
    end,
  };
}

function interrupted(made: readonly string[], underWay: readonly string[], advice: string): CliError {
  const list = (title: string, all: readonly string[]): string[] =>
    all.length === 0 ? [] : [title, ...shown(all).map((what) => `    ${what}`)];
  const lines = [
    'Interrupted.',
    ...list('Done before that:', made),
    ...list('Asked for, and may still happen:', underWay),
  ];
  return new CliError('interrupted', lines.join('\n'), { hint: advice });
}

/** The last ones, which tell how far it came. */
function shown(all: readonly string[]): string[] {
  const more = all.length - shownMax;
  return more > 0 ? [`and ${more} before that`, ...all.slice(-shownMax)] : [...all];
}
