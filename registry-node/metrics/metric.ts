// What is told of a process in numbers that somebody keeps anyway: it is collected when it is asked for. The words of those who
// collect; only exposition.ts knows the library that writes them down.

export interface Metric {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  samples: readonly Sample[];
}

export interface Sample {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

export type Collector = () => readonly Metric[] | Promise<readonly Metric[]>;

export function counter(name: string, help: string, ...samples: readonly Sample[]): Metric {
  return { name, help, type: 'counter', samples };
}

export function gauge(name: string, help: string, ...samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples };
}
