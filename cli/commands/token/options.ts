// What the commands on tokens share: the name, and when passwords end.
import type { Clock } from '../../../registry-node/clock.ts';
import { failure } from '../../errors.ts';
import { registryOfChild } from '../../options/registry.ts';
import { text } from '../../parse/option.ts';

export const tokenOptions = {
  ...registryOfChild,
  name: text('--name -n', 'The name of the token.', { required: true, resource: 'token' }),
};

export const expirationOptions = {
  expiration: text(
    '--expiration',
    'UTC time at which the passwords end, e.g. 2030-12-31T12:59:59Z. Default: never.',
  ),
  expirationInDays: text('--expiration-in-days', 'Days after which the passwords end. Default: never.'),
};

const dayMs = 24 * 60 * 60 * 1000;

/** @returns an ISO 8601 time, or undefined for passwords without an end. @throws CliError worded as az words it */
export function expiryOf(
  { expiration, expirationInDays }: { expiration: string | undefined; expirationInDays: string | undefined },
  clock: Clock,
): string | undefined {
  if (expiration !== undefined && expirationInDays !== undefined) {
    throw failure('usage error: --expiration and --expiration-in-days are mutually exclusive.');
  }
  if (expiration !== undefined) return parseTime(expiration);
  if (expirationInDays === undefined) return undefined;
  const days = Number(expirationInDays);
  if (!Number.isInteger(days) || days <= 0) throw failure('Days must be positive.');
  return new Date(clock.now().getTime() + days * dayMs).toISOString();
}

function parseTime(text: string): string {
  const time = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) && !Number.isNaN(time.getTime()))
    return time.toISOString();
  throw failure(`Input '${text}' is not valid datetime. Valid example: 2025-12-31T12:59:59Z`);
}
