// Sizes and rates as people write them: 500MB, 2GiB, 2MB/s, 8Mbit/s. An `i` makes the steps 1024, without it they are 1000.
import { parserError } from '../errors.ts';
import { type Option, text } from '../parse/option.ts';

const bytesPer: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};
/** A rate's b is a bit and its B a byte: only what is written so is understood. */
const bytesPerSecondPer: Readonly<Record<string, number>> = {
  'B/s': 1,
  'kB/s': 1e3,
  'KB/s': 1e3,
  'MB/s': 1e6,
  'GB/s': 1e9,
  'KiB/s': 2 ** 10,
  'MiB/s': 2 ** 20,
  'GiB/s': 2 ** 30,
  'kbit/s': 1e3 / 8,
  'Mbit/s': 1e6 / 8,
  'Gbit/s': 1e9 / 8,
  kbps: 1e3 / 8,
  Mbps: 1e6 / 8,
  Gbps: 1e9 / 8,
};

const rateBounds = { min: 10_000, max: 125e9, said: 'from 10KB/s to 125GB/s, like 2MB/s, 1MiB/s or 8Mbit/s' };
const sizeBounds = { min: 1e6, max: 1e15, said: 'from 1MB to 1000TB, like 500MB, 2GB or 2GiB' };

/** In bytes per second. */
export function rate(name: string, summary: string, env: string): Option<number | undefined> {
  return quantity(name, summary, env, (unit) => bytesPerSecondPer[unit], rateBounds);
}

/** In bytes. */
export function byteSize(name: string, summary: string, env: string): Option<number | undefined> {
  return quantity(name, summary, env, (unit) => bytesPer[unit.toLowerCase()], sizeBounds);
}

function quantity(
  name: string,
  summary: string,
  env: string,
  bytesOf: (unit: string) => number | undefined,
  { min, max, said }: typeof rateBounds,
): Option<number | undefined> {
  const words = text(name, summary, { env });
  return {
    ...words,
    fallback: undefined,
    read: (given) => {
      const written = words.read(given) ?? '';
      const [, count, unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?) ?([A-Za-z/]+)$/.exec(written) ?? [];
      const bytes = Math.round(Number(count) * (bytesOf(unit) ?? Number.NaN));
      if (bytes >= min && bytes <= max) return bytes;
      throw parserError(`argument ${name}: '${written}' is not ${said}`);
    },
  };
}
