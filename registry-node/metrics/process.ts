// What the process itself takes (processor, memory, event loop, garbage collection), under the names that dashboards know.
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** @param role `node` or `control-plane` */
export function watchProcess(registry: Registry, role: string, version: string): void {
  collectDefaultMetrics({ register: registry });
  const labels = { role, version, node: process.version };
  const build = new Gauge({
    name: 'acrc_build_info',
    help: 'What runs here.',
    labelNames: Object.keys(labels),
    registers: [registry],
  });
  build.set(labels, 1);
}
