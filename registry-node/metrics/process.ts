// What the process itself takes, under the names that dashboards know.
import { counter, gauge, type Metric } from './text.ts';

const startedAtSeconds = performance.timeOrigin / 1000;

/** @param role `node` or `control-plane` */
export function processMetrics(role: string, version: string): Metric[] {
  const { user, system } = process.cpuUsage();
  return [
    gauge('acrc_build_info', 'What runs here.', {
      labels: { role, version, node: process.version },
      value: 1,
    }),
    counter('process_cpu_seconds_total', 'Processor time.', { value: (user + system) / 1e6 }),
    gauge('process_resident_memory_bytes', 'Resident memory.', { value: process.memoryUsage.rss() }),
    gauge('process_start_time_seconds', 'When it started, since 1970.', { value: startedAtSeconds }),
  ];
}
