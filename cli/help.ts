// Help pages, from the command tree and the options' declarations: purpose, flags with defaults and choices, examples.
import { Command as Commander } from 'commander';
import type { Command } from './command.ts';
import { globalOptions } from './parse/globals.ts';
import { declareOptions } from './parse/parser.ts';
import { isVerb, type Noun } from './program.ts';

export interface Page {
  /** `acrc token create` */
  path: string;
  summary: string;
  /** Columns to wrap at. */
  width: number;
}

export function commandHelp({ path, summary, width }: Page, command: Command): string {
  const page = pageOf(path, width)
    .usage('[arguments]')
    .description([summary, command.description].filter((text) => text !== undefined).join('\n'))
    .helpOption('-h, --help', 'Show this help message and exit.');
  declareOptions(page, command.options, 'Arguments');
  page.optionsGroup('Global Arguments');
  declareOptions(page, globalOptions, 'Global Arguments');
  const examples = command.examples.map(({ purpose, line }) => `  ${purpose}\n    ${line}\n`);
  return `${page.helpInformation()}\nExamples\n${examples.join('\n')}`;
}

export function groupHelp({ path, summary, width }: Page, { children }: Noun): string {
  const page = pageOf(path, width)
    .usage('<command>')
    .description(summary)
    .helpCommand(false)
    .helpOption(false);
  const entries = Object.entries(children);
  page.commandsGroup('Subgroups');
  for (const [name, node] of entries) if (!isVerb(node)) page.command(name).description(node.summary);
  page.commandsGroup('Commands');
  for (const [name, node] of entries) if (isVerb(node)) page.command(name).description(node.summary);
  return `${page.helpInformation()}\nTo see more of a command: ${path} <command> --help\n`;
}

function pageOf(path: string, width: number): Commander {
  return new Commander(path).configureHelp({
    helpWidth: width,
    subcommandTerm: (command) => command.name(),
    // The words of a flag say whether it is required; commander's own remarks would say it twice.
    optionDescription: (option) => option.description,
  });
}
