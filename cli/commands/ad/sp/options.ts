// What the commands on service principals share.
import type { Context } from '../../../context.ts';
import { parserError } from '../../../errors.ts';
import { integer, text } from '../../../parse/option.ts';

export const principalOptions = {
  id: text('--id', 'Client id (appId) or object id of the service principal.', { required: true }),
};

/** Entra's passwords end within this. */
const yearsMax = 99;
export const years = integer('--years', 'Number of years for which the password is good. Default: 1 year.', {
  min: 1,
  max: yearsMax,
});

/** How long a new password is good, as Graph takes it. */
export function lifeOf(
  context: Context,
  { years = 1, endDate }: { years?: number | undefined; endDate?: string | undefined },
): { startDateTime: string; endDateTime: string } {
  const start = context.clock.now();
  const end = new Date(endDate ?? start);
  if (Number.isNaN(end.getTime())) throw parserError(`argument --end-date: '${endDate}' is not a date`);
  if (endDate === undefined) end.setUTCFullYear(end.getUTCFullYear() + years);
  return { startDateTime: start.toISOString(), endDateTime: end.toISOString() };
}

export function warnOfCredentials(context: Context): void {
  context.warn(
    'The output includes a password that is not shown again. Keep it where nobody else reads it, and not in source control.',
  );
}
