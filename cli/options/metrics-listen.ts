// Where a server answers Prometheus: at an address of its own, on this machine unless told otherwise.
import type { MetricsAddress } from '../../registry-node/config.ts';
import { parserError } from '../errors.ts';
import { type Option, text } from '../parse/option.ts';

const loopback = '127.0.0.1';
const portMax = 65_535;
const words = text(
  '--metrics-listen',
  `Where GET /metrics is answered for Prometheus, without sign-in: a port of this machine, or host:port. Default: nowhere.`,
  { env: 'ACRC_METRICS_LISTEN' },
);

export const metricsListen: Option<MetricsAddress | undefined> = {
  ...words,
  fallback: undefined,
  read: (given) => {
    const written = words.read(given);
    if (written === undefined) return undefined;
    const parsed = parse(written);
    if (parsed) return parsed;
    throw parserError(
      `argument --metrics-listen: '${written}' is neither a port like 9464 nor host:port like 0.0.0.0:9464 or [::1]:9464`,
    );
  },
};

export function metricsWords(address: MetricsAddress | undefined): string[] {
  if (!address) return [];
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return ['--metrics-listen', `${host}:${address.port}`];
}

function parse(written: string): MetricsAddress | undefined {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-fA-F:.]+)\]:|([^:[\]\s/]+):)?(\d{1,5})$/.exec(written) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > portMax) return undefined;
  return { host: bracketed ?? plain ?? loopback, port };
}
