// The options that every command takes.
import { choice, flag, text } from './option.ts';

const outputFormats = ['json', 'jsonc', 'none', 'table', 'tsv', 'yaml', 'yamlc'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** `json`: one object and nothing else, when a command fails. */
const errorFormats = ['text', 'json'] as const;
export type ErrorFormat = (typeof errorFormats)[number];

export const globalOptions = {
  output: choice('--output -o', 'Output format.', outputFormats, { fallback: 'json', env: 'ACRC_OUTPUT' }),
  query: text(
    '--query',
    'JMESPath query string. See http://jmespath.org/ for more information and examples.',
  ),
  subscription: text('--subscription', 'Name or ID of the subscription. Default: that of the credential.'),
  verbose: flag('--verbose', 'Say on stderr what is being done.'),
  debug: flag('--debug', 'Show every request and answer on stderr, without secrets.'),
  onlyShowErrors: flag('--only-show-errors', 'Only show errors, suppressing warnings.'),
  errorFormat: choice('--error-format', 'How an error is written on stderr.', errorFormats, {
    fallback: 'text',
    env: 'ACRC_ERROR_FORMAT',
  }),
} as const;

/** Help shows one more: main.ts reads it before any command is loaded. */
export const globalsWithHelp = {
  ...globalOptions,
  help: flag('--help -h', 'Show this help message and exit.'),
} as const;

export interface Globals {
  output: OutputFormat;
  query: string | undefined;
  subscription: string | undefined;
  verbose: boolean;
  debug: boolean;
  onlyShowErrors: boolean;
  errorFormat: ErrorFormat;
}
