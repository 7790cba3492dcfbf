// What is asked for one option: its declaration says how. A name is chosen from what there is, a choice from its choices,
// and everything else is typed.
import { CliError } from '../errors.ts';
import type { Context } from '../context.ts';
import { namesOf } from '../client/names.ts';
import type { Option, Question, Words } from '../parse/option.ts';
import { askParent } from './parent.ts';
import type { Person } from './person.ts';
import { askSchedule } from './schedule.ts';
import { askWindow } from './window.ts';

export interface Asking {
  person: Person;
  context: Context;
  /** The values of the command's options so far. */
  values: Readonly<Record<string, unknown>>;
}

/** @returns the words that the user would have typed behind the option; undefined when it stays away */
export type Ask = (option: Option<unknown>, asking: Asking) => Promise<Words | undefined>;

const special: Readonly<Record<Question, Ask>> = {
  parent: askParent,
  schedule: askSchedule,
  window: askWindow,
  secret: (option, { person }) => person.hide(messageOf(option)),
};

export const askOption: Ask = async (option, asking) => {
  if (option.ask !== undefined) return special[option.ask](option, asking);
  if (option.choices) return askChoice(option, asking);
  if (option.resource === undefined) return askText(option, asking);
  const names = await namesOf(option.resource, asking.context, asking.values);
  if (names.length === 0) return askText(option, asking);
  return option.arity === 'one'
    ? asking.person.choose(
        messageOf(option),
        names.map((value) => ({ value })),
      )
    : ticked(await asking.person.tick(messageOf(option), names));
};

/** The summary's first sentence. */
export function messageOf({ summary }: Option<unknown>): string {
  return summary.replace(/\.( .*)?$/, ':');
}

function askChoice(option: Option<unknown>, { person }: Asking): Promise<string> {
  const fallback = typeof option.fallback === 'string' ? option.fallback : undefined;
  return person.choose(
    messageOf(option),
    option.choices!.map((value) => ({ value })),
    fallback,
  );
}

/** What stands behind an option that takes several words is parted by spaces, as on the command line. */
async function askText(option: Option<unknown>, { person }: Asking): Promise<Words | undefined> {
  const several = option.arity === 'many' || option.arity === 'any' || option.arity === 'groups';
  const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
  const typed = await person.write(messageOf(option), (text) => {
    if (text === '') return option.required ? 'It is required.' : undefined;
    return refusal(option, several ? words(text) : text);
  });
  return several ? ticked(words(typed)) : typed || undefined;
}

function ticked(words: string[]): string[] | undefined {
  return words.length === 0 ? undefined : words;
}

function refusal(option: Option<unknown>, words: Words): string | undefined {
  try {
    option.read(words);
    return undefined;
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}
