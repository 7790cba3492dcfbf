// One work, done by each contestant in turn, some times over: what else the machine does hits all of them.
import type { Contestant } from './contestants/contestant.ts';
import { compare, type Comparison, type Figures } from './report.ts';
import type { Work } from './works.ts';

/** The middle counts. */
const rounds = 5;

export async function compareInTurns(work: Work, contestants: readonly Contestant[]): Promise<Comparison> {
  const figures: Figures = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) figures.get(contestant.name)!.push(await work.measure(contestant));
  }
  return compare(work, figures);
}
