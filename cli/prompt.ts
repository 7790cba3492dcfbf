// Questions to a person, worded and answered as az does it. Without a terminal nothing is asked.
import { CliError, failure } from './errors.ts';

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

export function isInteractive({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY && stderr.isTTY;
}

/** @returns the answer. @throws CliError without a terminal, or when the user pressed Ctrl-C */
export async function ask(question: string, terminal: Terminal): Promise<boolean> {
  if (!isInteractive(terminal)) {
    throw failure('Unable to prompt for confirmation as no tty available. Use --yes.');
  }
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule({ input: terminal.stdin, output: terminal.stderr });
  try {
    const answers = await prompt([
      {
        type: 'input',
        name: 'answer',
        message: `${question} (y/n):`,
        theme: { prefix: '' },
        validate: (text: string) => /^(y|yes|n|no)$/i.test(text.trim()) || 'Please answer y or n.',
      },
    ]);
    return /^y/i.test(answers.answer.trim());
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw cancelled();
    throw error;
  }
}

export function cancelled(): CliError {
  return new CliError('declined', 'Operation cancelled.');
}
