// Questions to a person, worded and answered as az does it. Without a terminal nothing is asked.
import type { createPromptModule } from 'inquirer';
import { CliError, failure } from './errors.ts';

export interface Terminal {
  readonly process: { readonly stdin: NodeJS.ReadStream };
  readonly stderr: NodeJS.WriteStream;
}

export function isInteractive({ process, stderr }: Terminal): boolean {
  return stderr.isTTY && process.stdin.isTTY;
}

/** @returns the answer. @throws CliError without a terminal, or when the user pressed Ctrl-C */
export async function ask(question: string, terminal: Terminal): Promise<boolean> {
  if (!isInteractive(terminal)) {
    throw failure('Unable to prompt for confirmation as no tty available. Use --yes.');
  }
  const answer = await prompting(terminal, (prompt) =>
    prompt([
      {
        type: 'input',
        name: 'answer',
        message: `${question} (y/n):`,
        theme: { prefix: '' },
        validate: (text: string) => /^(y|yes|n|no)$/i.test(text.trim()) || 'Please answer y or n.',
      },
    ]),
  );
  return /^y/i.test(answer.answer.trim());
}

export type Prompt = ReturnType<typeof createPromptModule>;

/** Questions stand on stderr, since stdout is for data. @throws CliError when the user pressed Ctrl-C */
export async function prompting<T>(
  { process, stderr }: Terminal,
  work: (prompt: Prompt) => Promise<T>,
): Promise<T> {
  const { default: inquirer } = await import('inquirer');
  try {
    return await work(inquirer.createPromptModule({ input: process.stdin, output: stderr }));
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw interrupted();
    throw error;
  }
}

export function cancelled(): CliError {
  return new CliError('declined', 'Operation cancelled.');
}

function interrupted(): CliError {
  return new CliError('interrupted', 'Interrupted at a question: nothing was done.');
}
