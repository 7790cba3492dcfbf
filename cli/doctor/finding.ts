// What the doctor finds: that something is well, that it will not be for long, or that it is not, with what mends it.
import type { Context } from '../context.ts';

export interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'problem';
  detail: string;
  remedy?: string;
}

/** Looks at one thing; what it throws is a problem, too. */
export type Check = (context: Context) => AsyncIterable<Finding>;

export const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail });
export const warning = (check: string, detail: string, remedy: string): Finding => ({
  check,
  state: 'warning',
  detail,
  remedy,
});
export const problem = (check: string, detail: string, remedy: string): Finding => ({
  check,
  state: 'problem',
  detail,
  remedy,
});

export const dayMs = 24 * 60 * 60 * 1000;
