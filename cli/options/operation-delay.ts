// How long the control plane's long-running operations last: for those who test how their own client polls.
import { parserError } from '../errors.ts';
import { type Option, text } from '../parse/option.ts';

const summary =
  'Let every long-running operation last at least this long, like 500ms, 5s or 2m, to test how a client polls.';
const words = text('--operation-delay', summary);
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const hourMs = 3_600_000;

/** In milliseconds. */
export const operationDelay: Option<number | undefined> = {
  ...words,
  fallback: undefined,
  read: (given) => {
    const written = words.read(given) ?? '';
    const [, count, unit = ''] = /^(\d{1,7})(ms|s|m)$/.exec(written) ?? [];
    const delayMs = Number(count) * (unitMs[unit] ?? Number.NaN);
    if (delayMs <= hourMs) return delayMs;
    throw parserError(
      `argument --operation-delay: '${written}' is not a duration up to an hour, like 500ms, 5s or 2m`,
    );
  },
};
