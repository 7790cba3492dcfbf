// What was collected, in Prometheus' text format.
import { Counter, Gauge, Registry } from 'prom-client';
import type { Metric } from './metric.ts';

/** Of metrics that are counted all the time, and of those that were collected just now. One without a sample is left out. */
export async function toText(counted: Registry, collected: readonly Metric[]): Promise<string> {
  const told = new Registry();
  for (const metric of collected) if (metric.samples.length > 0) add(metric, told);
  return Registry.merge([counted, told]).metrics();
}

function add({ name, help, type, samples }: Metric, registry: Registry): void {
  const labelNames = [...new Set(samples.flatMap(({ labels = {} }) => Object.keys(labels)))];
  const options = { name, help, labelNames, registers: [registry] };
  if (type === 'counter') {
    const total = new Counter(options);
    for (const { labels = {}, value } of samples) total.inc(labels, value);
    return;
  }
  const level = new Gauge(options);
  for (const { labels = {}, value } of samples) level.set(labels, value);
}
