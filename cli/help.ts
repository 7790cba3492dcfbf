// Help pages, from the command tree and the options' declarations: purpose, flags with defaults and choices, examples.
import { Argument, Command as Commander, Option as CommanderOption } from 'commander';
import type { Command } from './command.ts';
import { inOrder, notes, operands, term } from './help/argument.ts';
import { globalsWithHelp } from './parse/globals.ts';
import type { Option } from './parse/option.ts';
import { isListed, isVerb, type Noun } from './program.ts';

export interface Page {
  /** `acrc token create` */
  path: string;
  summary: string;
  /** Columns to wrap at. */
  width: number;
}

export function commandHelp({ path, summary, width }: Page, command: Command): string {
  const page = pageOf(path, width)
    .usage(['[arguments]', ...operands(command.options).map(({ names }) => `[${names[0]!}]`)].join(' '))
    .description([summary, command.description].filter((text) => text !== undefined).join('\n'));
  for (const option of operands(command.options))
    page.addArgument(new Argument(option.names[0]!, notes(option).join(' ')));
  for (const option of inOrder(command.options)) page.addOption(shown(option, 'Arguments'));
  for (const option of inOrder(globalsWithHelp)) page.addOption(shown(option, 'Global Arguments'));
  const examples = command.examples.map(({ purpose, line }) => `  ${purpose}\n    ${line}\n`);
  return `${page.helpInformation()}\nExamples\n${examples.join('\n')}`;
}

export function groupHelp({ path, summary, width }: Page, { children }: Noun): string {
  const page = pageOf(path, width).usage('<command>').description(summary).helpCommand(false);
  const entries = Object.entries(children).filter(([, node]) => isListed(node));
  page.commandsGroup('Subgroups');
  for (const [name, node] of entries) if (!isVerb(node)) page.command(name).description(node.summary);
  page.commandsGroup('Commands');
  for (const [name, node] of entries) if (isVerb(node)) page.command(name).description(node.summary);
  return `${page.helpInformation()}\nTo see more of a command: ${path} <command> --help\n`;
}

function pageOf(path: string, width: number): Commander {
  return new Commander(path).helpOption(false).configureHelp({
    helpWidth: width,
    subcommandTerm: (command) => command.name(),
    optionTerm: (option) => terms.get(option) ?? option.flags,
    // The words of a flag say whether it is required; commander's own remarks would say it twice.
    optionDescription: (option) => option.description,
  });
}

/** az shows every name of an option; commander knows two. */
const terms = new WeakMap<CommanderOption, string>();

function shown(option: Option<unknown>, group: string): CommanderOption {
  const { names, required } = option;
  const declared = new CommanderOption(
    names.find((name) => name.startsWith('--'))!,
    `${required ? '[Required] ' : ''}${notes(option).join(' ')}`,
  );
  terms.set(declared, term(option));
  return declared.helpGroup(group);
}
