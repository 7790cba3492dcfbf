// Enum input: any case is accepted and the documented spelling is kept (as recorded: fixtures/wire).
import { z } from 'zod';

/** A schema for one of `values`, whatever its case; `aliases` maps further lower-cased spellings to one of them. */
export function enumeration<const Value extends string>(
  values: readonly Value[],
  aliases: ReadonlyMap<string, Value> = new Map(),
): z.ZodType<Value, string> {
  return z.string().transform((text, context) => {
    const lower = text.toLowerCase();
    const value = values.find((candidate) => candidate.toLowerCase() === lower) ?? aliases.get(lower);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `'${text}' is not one of ${values.join(', ')}` });
    return z.NEVER;
  });
}
