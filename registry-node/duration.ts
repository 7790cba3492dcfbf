// ISO 8601 durations (`P2D`, `PT1H`), as message TTLs and sync windows are written, in milliseconds.
import { parse } from 'tinyduration';

const hourMs = 3_600_000;

/** A month counts 30 days and a year 365. @throws Error when it is no duration */
export function durationMs(iso: string): number {
  const { years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parse(iso);
  const wholeDays = years * 365 + months * 30 + weeks * 7 + days;
  return wholeDays * 24 * hourMs + hours * hourMs + minutes * 60_000 + seconds * 1000;
}
