// Figures beside their targets, as tables that can be pasted into README.md.
import type { AcrcContestant } from './contestants/acrc.ts';
import { quantile } from './quantile.ts';
import type { Work } from './works.ts';

/** Contestant -> what it did in each round. */
export type Figures = Map<string, number[]>;

export interface Comparison {
  work: Work;
  /** Contestant -> the middle of its rounds. */
  medians: Map<string, number>;
}

/** Something that is measured of ours alone. */
export interface Measure {
  name: string;
  below: number;
  unit: 'ms' | 'MB' | 'KB';
  /** @returns in `unit` */
  measure(acrc: AcrcContestant): Promise<number>;
}

export interface Own extends Pick<Measure, 'name' | 'below' | 'unit'> {
  measured: number;
}

/** Of ours alone, and the more the better. */
export interface Rate {
  name: string;
  measured: number;
  atLeast: number;
  unit: 'requests/s' | 'resources/s';
}

/** Two commands that were run in turns. One of the targets is given. */
export interface Duel {
  ours: { name: string; timesMs: readonly number[] };
  theirs: { name: string; timesMs: readonly number[] };
  /** Ours may take so many times as long. */
  atMost?: number;
  /** Theirs must take so many times as long. */
  atLeastFaster?: number;
}

export function compare(work: Work, figures: Figures): Comparison {
  const medians = [...figures].map(([name, values]) => [name, quantile(values, 0.5)] as const);
  return { work, medians: new Map(medians) };
}

/** @returns whether all targets were met */
export function printComparison(comparisons: readonly Comparison[]): boolean {
  const rows = comparisons.flatMap(({ work, medians }) => {
    const ours = medians.get('acrc')!;
    return Object.entries(work.targets).map(([rival, target]) => {
      const theirs = medians.get(rival)!;
      const ratio = ours / theirs;
      const figure = (value: number): string => `${Math.round(value)} ${work.unit}`;
      const cells = [
        work.name,
        figure(ours),
        `${figure(theirs)} (${rival})`,
        `${ratio.toFixed(2)}x`,
        `>= ${target}x`,
      ];
      return { cells, met: ratio >= target };
    });
  });
  return print(['work', 'acrc', 'rival', 'ratio', 'target'], rows);
}

/** @returns whether all targets were met */
export function printOwn(owns: readonly Own[]): boolean {
  const rows = owns.map(({ name, measured, below, unit }) => ({
    cells: [name, `${measured.toFixed(unit === 'ms' ? 1 : 0)} ${unit}`, `< ${below} ${unit}`],
    met: measured < below,
  }));
  return print(['acrc alone', 'measured', 'target'], rows);
}

/** @returns whether all targets were met */
export function printRates(rates: readonly Rate[]): boolean {
  const rows = rates.map(({ name, measured, atLeast, unit }) => ({
    cells: [name, `${Math.round(measured)} ${unit}`, `>= ${atLeast} ${unit}`],
    met: measured >= atLeast,
  }));
  return print(['acrc alone', 'measured', 'target'], rows);
}

/** @returns whether all targets were met */
export function printDuels(duels: readonly Duel[]): boolean {
  const rows = duels.map(({ ours, theirs, atMost = Number.POSITIVE_INFINITY, atLeastFaster }) => {
    const [oursMs, theirsMs] = [quantile(ours.timesMs, 0.5), quantile(theirs.timesMs, 0.5)];
    const faster = atLeastFaster !== undefined;
    const ratio = faster ? theirsMs / oursMs : oursMs / theirsMs;
    const cells = [
      `${ours.name}: ${oursMs.toFixed(0)} ms`,
      `${theirs.name}: ${theirsMs.toFixed(0)} ms`,
      `${ratio.toFixed(2)}x ${faster ? 'faster' : 'as long'}`,
      faster ? `>= ${atLeastFaster}x` : `< ${atMost}x`,
    ];
    return { cells, met: faster ? ratio >= atLeastFaster : ratio < atMost };
  });
  return print(['acrc', 'beside', 'ratio', 'target'], rows);
}

function print(head: readonly string[], rows: readonly { cells: string[]; met: boolean }[]): boolean {
  if (rows.length === 0) return true;
  const lines = [head.concat('met'), head.concat('').map(() => '---')];
  for (const { cells, met } of rows) lines.push([...cells, met ? 'yes' : 'NO']);
  process.stdout.write(`${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n\n`);
  return rows.every(({ met }) => met);
}
