// `--query`: JMESPath on the flattened result. It is compiled before the command runs, so that a typing error changes
// nothing anywhere.
import { parserError } from '../errors.ts';

export type Query = (result: unknown) => unknown;

/** @throws CliError of kind `parser` */
export async function compileQuery(expression: string): Promise<Query> {
  const { default: jmespath } = await import('jmespath');
  try {
    jmespath.compile(expression);
  } catch (error) {
    const reason = error instanceof Error ? ` (${error.message})` : '';
    throw parserError(`argument --query: invalid jmespath_type value: '${expression}'${reason}`);
  }
  return (result) => jmespath.search(result, expression);
}
