// How one option is written in help and in docs/commands.md, from its declaration, and in which order options stand: as az
// has it, what is required comes first and the rest by name.
import type { Option, Options } from '../parse/option.ts';
import { longName } from '../parse/words.ts';

/** All of an option's names, and what stands behind them: `--registry -r <registry>`. */
export function term({ names, arity }: Option<unknown>): string {
  const placeholder = names[0]!.replace(/^-+/, '').split('-').at(-1)!;
  const value = {
    one: ` <${placeholder}>`,
    maybe: ` [${placeholder}]`,
    many: ` <${placeholder}...>`,
    groups: ` <${placeholder}...>`,
    steps: ` <${placeholder}...>`,
    any: ` [${placeholder}...]`,
    none: '',
    operand: '',
  }[arity];
  return `${names.join(' ')}${value}`;
}

/** The summary, and all that a declaration says besides, as sentences. */
export function notes(option: Option<unknown>): string[] {
  const { summary, choices, configured, env, resource } = option;
  return [
    summary,
    ...(choices ? [`Allowed values: ${choices.join(', ')}.`] : []),
    ...fallbackOf(option),
    ...(env === undefined ? [] : [`Environment: ${env}.`]),
    ...(configured === undefined ? [] : [`Can be kept: acrc configure --defaults ${configured}=<name>.`]),
    ...(resource === undefined ? [] : [`Values from: ${lists[resource]}.`]),
  ];
}

/** The command that lists what an option may name. */
const lists = {
  registry: 'acrc list',
  group: 'acrc group list',
  'connected-registry': 'acrc connected-registry list',
  token: 'acrc token list',
  'scope-map': 'acrc scope-map list',
  repository: 'acrc repository list',
} as const satisfies Record<NonNullable<Option<unknown>['resource']>, string>;

/** The options that help shows, those that stand without a name apart. */
export function inOrder(options: Options): Option<unknown>[] {
  const nameOf = (option: Option<unknown>): string => longName(option.names) ?? '';
  return Object.values(options)
    .filter(({ hidden, arity }) => !hidden && arity !== 'operand')
    .sort((a, b) => Number(b.required) - Number(a.required) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

export function operands(options: Options): Option<unknown>[] {
  return Object.values(options).filter(({ arity }) => arity === 'operand');
}

function fallbackOf({ fallback }: Option<unknown>): string[] {
  const shown = typeof fallback === 'string' || typeof fallback === 'number';
  return shown ? [`Default: ${fallback}.`] : [];
}
