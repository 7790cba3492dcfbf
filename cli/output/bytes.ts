// Byte counts and durations for people; JSON has the numbers.
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** e.g. `0 B`, `1.5 MiB`; undefined for what is no number. */
export function bytesText(bytes: unknown): string | undefined {
  if (typeof bytes !== 'number') return undefined;
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const scaled = bytes / 1024 ** power;
  return `${power === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[power]}`;
}

/** e.g. `40 s`, `3 min`, `2.5 h`, `4.2 d`. */
export function secondsText(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number') return undefined;
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  const hours = seconds / 3600;
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`;
}
