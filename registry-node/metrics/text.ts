// Metrics in Prometheus' text format, version 0.0.4 ("Exposition formats"). What is told is collected when it is asked for.

export interface Metric {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  samples: readonly Sample[];
}

export interface Sample {
  /** What is appended to the metric's name: `_bucket`, `_sum` and `_count` of a histogram. */
  suffix?: string;
  labels?: Readonly<Record<string, string>>;
  value: number;
}

export type Collector = () => readonly Metric[] | Promise<readonly Metric[]>;

export const contentType = 'text/plain; version=0.0.4; charset=utf-8';

export function counter(name: string, help: string, ...samples: readonly Sample[]): Metric {
  return { name, help, type: 'counter', samples };
}

export function gauge(name: string, help: string, ...samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples };
}

/** Metrics without a sample are left out. */
export function toText(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const head = `# HELP ${name} ${escape(help)}\n# TYPE ${name} ${type}\n`;
      return head + samples.map((sample) => `${line(name, sample)}\n`).join('');
    })
    .join('');
}

function line(name: string, { suffix = '', labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${toNumber(value)}`;
}

function toNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escape(text).replaceAll('"', '\\"');
}
