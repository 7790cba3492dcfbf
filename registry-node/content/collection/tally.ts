// Counts what goes. A dry run says what it is, too, so that a person can look at it first.
import type { Amount, Collection, Going } from './collect.ts';

const namedMax = 1000;

export interface Tally {
  readonly amount: Amount;
  readonly add: (name: string, bytes: number) => void;
}

export function tally({ dryRun, would }: Pick<Collection, 'dryRun' | 'would'>, what: Going['what']): Tally {
  const amount: Amount = { count: 0, bytes: 0 };
  return {
    amount,
    add: (name, bytes) => {
      amount.count += 1;
      amount.bytes += bytes;
      if (dryRun && would.length < namedMax) would.push({ what, name, bytes });
    },
  };
}
