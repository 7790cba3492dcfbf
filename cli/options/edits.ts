// az's generic arguments of the update commands, and the body that they make of what the command's own options say. As with az
// they edit what is sent and not what is there: a list, or tags, that they begin anew replaces the one there was.
import type { Context } from '../context.ts';
import { applyEdits, type Edit, type Kind } from '../edits/apply.ts';
import type { JsonObject } from '../json-object.ts';
import { flag, type Step, steps } from '../parse/option.ts';

export const editOptions = {
  set: steps('--set', 'Set a property of what is sent: --set policies.quarantinePolicy.status=enabled.'),
  add: steps(
    '--add',
    'Add to a list of what is sent: --add networkRuleSet.ipRules value=10.0.0.1 action=Allow.',
  ),
  remove: steps(
    '--remove',
    'Remove a property, or an element of a list, from what is sent: --remove tags.site.',
  ),
  forceString: flag(
    '--force-string',
    'Take the values of --set and --add as texts, also where they are JSON.',
  ),
};

export interface EditValues extends Partial<Record<Kind, Step[] | undefined>> {
  forceString: boolean;
}

/** What an update of a resource may name. */
export interface Editable {
  /** Beside its properties: `tags`, `sku`. */
  outside: readonly string[];
  properties: readonly string[];
  /** Those that hold nothing but texts by name. */
  texts: readonly string[];
}

/**
 * @param body `tags` and the like, and the properties, side by side; what is undefined is not sent
 * @returns the body as the management API takes it
 */
export function edited(
  body: JsonObject,
  { forceString, ...given }: EditValues,
  { outside, properties, texts }: Editable,
  { warn }: Pick<Context, 'warn'>,
): JsonObject {
  const known = [...outside, ...properties];
  const flat = applyEdits(body, inOrder(given), { known, texts, forceString, warn });
  const [own, rest] = [new Set(properties), Object.entries(flat)];
  const inside = rest.filter(([name]) => own.has(name));
  return {
    ...Object.fromEntries(rest.filter(([name]) => !own.has(name))),
    ...(inside.length > 0 && { properties: Object.fromEntries(inside) }),
  };
}

/** As they stand on the line. */
function inOrder(given: Partial<Record<Kind, Step[] | undefined>>): Edit[] {
  return (['set', 'add', 'remove'] as const)
    .flatMap((kind) => (given[kind] ?? []).map(({ at, words }) => ({ kind, at, words })))
    .sort((one, other) => one.at - other.at);
}
