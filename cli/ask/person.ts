// How a person at a terminal is asked, in the four ways that questions need. The questions themselves know nothing of
// inquirer.
import { prompting, type Terminal } from '../prompt.ts';

export interface Choice {
  /** What it is called in the list; absent: its value. */
  name?: string;
  value: string;
  /** What stays on the screen once it is chosen; absent: its name. */
  short?: string;
  /** Shown below the list while the cursor stands on it. */
  description?: string;
  /** Why it cannot be chosen. */
  disabled?: string | false;
}

export interface Person {
  /** One of a list. */
  choose(message: string, choices: readonly Choice[], fallback?: string): Promise<string>;
  /** Any number of a list. */
  tick(message: string, choices: readonly string[]): Promise<string[]>;
  /** @param refuse says what is wrong with a text, or undefined */
  write(message: string, refuse: (text: string) => string | undefined): Promise<string>;
  agree(message: string): Promise<boolean>;
  /** What is typed is not shown. */
  hide(message: string): Promise<string>;
}

const listedMax = 12;

export function personAt(terminal: Terminal): Person {
  return {
    choose: (message, choices, fallback) =>
      prompting(terminal, async (prompt) => {
        const question = {
          type: 'select' as const,
          name: 'answer',
          message,
          choices: choices.map(({ disabled = false, ...choice }) => ({ ...choice, disabled })),
          pageSize: listedMax,
          loop: false,
          ...(fallback !== undefined && { default: fallback }),
        };
        return (await prompt<{ answer: string }>([question])).answer;
      }),
    tick: (message, choices) =>
      prompting(terminal, async (prompt) => {
        const question = {
          type: 'checkbox' as const,
          name: 'answer',
          message,
          choices: choices.map((value) => ({ name: value, value })),
          pageSize: listedMax,
          loop: false,
        };
        return (await prompt<{ answer: string[] }>([question])).answer;
      }),
    write: (message, refuse) =>
      prompting(terminal, async (prompt) => {
        const validate = (text: string): string | true => refuse(text.trim()) ?? true;
        const question = { type: 'input' as const, name: 'answer', message, validate };
        return (await prompt<{ answer: string }>([question])).answer.trim();
      }),
    hide: (message) =>
      prompting(terminal, async (prompt) => {
        const validate = (text: string): string | true => text !== '' || 'It is required.';
        const question = { type: 'password' as const, name: 'answer', message, mask: '*', validate };
        return (await prompt<{ answer: string }>([question])).answer;
      }),
    agree: (message) =>
      prompting(terminal, async (prompt) => {
        const question = { type: 'confirm' as const, name: 'answer', message, default: true };
        return (await prompt<{ answer: boolean }>([question])).answer;
      }),
  };
}
