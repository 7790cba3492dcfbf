// When a connected registry synchronises: the usual schedules, each with its next five occurrences, or any cron expression.
import { parseCron } from '../../registry-node/cron.ts';
import type { Choice } from './person.ts';
import type { Ask } from './question.ts';

const continuous = '* * * * *';
const occurrencesShown = 5;

const usual: readonly { name: string; value: string }[] = [
  { name: 'Always', value: continuous },
  { name: 'Every hour', value: '0 * * * *' },
  { name: 'Every night at two', value: '0 2 * * *' },
  { name: 'Every Sunday night at two', value: '0 2 * * 0' },
];
const other: Choice = { name: 'Another cron expression', value: '' };

export const askSchedule: Ask = async (_option, { person, context }) => {
  const now = context.clock.now();
  const choices = usual.map(({ name, value }) => ({
    name: value === continuous ? name : `${name} (${value})`,
    value,
    description:
      value === continuous ? 'It stays in contact as long as it can.' : nextTimes(value, now).join('\n'),
  }));
  const chosen = await person.choose('When it synchronises:', [...choices, other]);
  if (chosen !== '') return chosen;
  for (;;) {
    const typed = await person.write('Cron expression of five fields, in UTC:', refuse);
    if (await person.agree(`Its next times:\n${nextTimes(typed, now).join('\n')}\nTake it?`)) return typed;
  }
};

function refuse(expression: string): string | undefined {
  if (expression.trim().split(/\s+/).length !== 5)
    return 'It has five fields: minute, hour, day, month, day of the week.';
  try {
    return parseCron(expression).nextRun() === null ? 'It never happens.' : undefined;
  } catch {
    return 'It is not a cron expression.';
  }
}

/** @returns e.g. `Sun 2026-11-22 02:00 UTC` */
export function nextTimes(expression: string, now: Date): string[] {
  return parseCron(expression)
    .nextRuns(occurrencesShown, now)
    .map((time) => {
      const day = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format(time);
      return `${day} ${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    });
}
