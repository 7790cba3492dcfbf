// Schedules and durations of a connected registry: cron in five fields, UTC, and ISO 8601 durations within their
// bounds.
import type { Cron } from 'croner';
import { parse } from 'tinyduration';
import { parseCron } from '../../../registry-node/cron.ts';
import { durationMs } from '../../../registry-node/duration.ts';
import { syncWindowBounds } from '../../../registry-node/sync-window.ts';
import { ArmError } from '../../arm/errors.ts';

const dayMs = 24 * 3600 * 1000;

/** Far above what any needs. The time that a long duration takes to be read grows with the square of its length. */
const scheduleCharactersMax = 1000;
const durationCharactersMax = 64;

/** Azure Container Registry, "What is a connected registry?" */
export const durationBounds = {
  messageTtl: { from: { text: 'P1D', ms: dayMs }, to: { text: 'P90D', ms: 90 * dayMs } },
  syncWindow: syncWindowBounds,
} as const;

/** @throws ArmError InvalidPropertyValue */
export function checkSchedule(text: string, target: string): string {
  const schedule = text.trim().replaceAll(/\s+/g, ' ');
  const isRead = schedule.length <= scheduleCharactersMax && schedule.split(' ').length === 5;
  const parsed = isRead ? cron(schedule) : undefined;
  if (parsed?.nextRun()) return schedule;
  const reason = parsed ? 'never happens' : 'is not a schedule';
  throw new ArmError(
    'InvalidPropertyValue',
    `'${text}' ${reason}. Expected a cron expression of five fields in UTC, like '0 2 * * *' for every night at two.`,
    target,
  );
}

/** @throws ArmError InvalidPropertyValue */
export function checkDuration(text: string, name: keyof typeof durationBounds, target: string): string {
  const { from, to } = durationBounds[name];
  const ms = text.length <= durationCharactersMax ? fixedMs(text) : undefined;
  if (ms !== undefined && ms >= from.ms && ms <= to.ms) return text;
  throw new ArmError(
    'InvalidPropertyValue',
    `The ${name} '${text}' is not valid. Expected an ISO 8601 duration from ${from.text} to ${to.text}.`,
    target,
  );
}

/** Undefined when it is not a duration of a fixed length: months and years are none. */
function fixedMs(text: string): number | undefined {
  try {
    const { negative, years, months } = parse(text);
    return negative || years || months ? undefined : durationMs(text);
  } catch {
    return undefined;
  }
}

/** The first occurrence after `from`; undefined when the schedule has none, as on 30 February. */
export function nextOccurrence(schedule: string, from: Date): Date | undefined {
  return cron(schedule)?.nextRun(from) ?? undefined;
}

function cron(schedule: string): Cron | undefined {
  try {
    return parseCron(schedule);
  } catch {
    return undefined;
  }
}
