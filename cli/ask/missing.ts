// Required values that are missing are asked for, on a terminal only. A command with a `guide` asks for more than what is
// required, so that nobody needs to know its options; afterwards the same is said in one line, for the next time.
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { quoted } from '../output/shell.ts';
import type { Words } from '../parse/option.ts';
import { longName } from '../parse/words.ts';
import type { Unanswered } from '../parse/parser.ts';
import { personAt } from './person.ts';
import { askOption } from './question.ts';

/** @returns what was asked for and answered, as words */
export async function askMissing(
  { options, guide }: Command,
  { missing, absent, values, read }: Unanswered,
  context: Context,
): Promise<Map<string, Words>> {
  const person = personAt(context);
  const steps = guide ?? Object.fromEntries(missing.map((key) => [key, always]));
  const answers = new Map<string, Words>();
  for (const [key, applies] of Object.entries(steps)) {
    if (!absent.includes(key) || !applies(values)) continue;
    const answer = await askOption(options[key]!, { person, context, values });
    if (answer === undefined) continue;
    read(key, answer);
    answers.set(key, answer);
  }
  return answers;
}

export function always(): boolean {
  return true;
}

/** The command with what was answered, as a shell takes it. */
export function inOneLine(
  path: string,
  given: readonly string[],
  { options }: Command,
  answers: ReadonlyMap<string, Words>,
): string {
  const words = [...given];
  for (const [key, answer] of answers) words.push(longName(options[key]!.names), ...wordsOf(answer));
  return [path, ...words.map(quoted)].join(' ');
}

function wordsOf(answer: Words): readonly string[] {
  if (answer === true) return [];
  return typeof answer === 'string' ? [answer] : answer;
}
