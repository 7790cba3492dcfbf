// `--query`: JMESPath on the flattened result. It is compiled before the command runs, so that a typing error changes
// nothing anywhere.
import type Jmespath from 'jmespath';
import { failure, parserError } from '../errors.ts';
import { isObject } from '../json-object.ts';

export type Query = (result: unknown) => unknown;

/** @throws CliError of kind `parser`; the query itself throws one when it does not fit what it is given */
export async function compileQuery(expression: string): Promise<Query> {
  const { default: jmespath } = await import('jmespath');
  try {
    for (const name of functionsIn(jmespath.compile(expression))) requireFunction(jmespath, name);
  } catch (error) {
    throw parserError(`argument --query: invalid jmespath_type value: '${expression}' (${reasonOf(error)})`);
  }
  return (result) => {
    try {
      return jmespath.search(result, expression);
    } catch (error) {
      throw failure(
        `The result does not fit --query '${expression}': ${reasonOf(error)}.`,
        'What the command changes is changed; only its result could not be shown.',
      );
    }
  };
}

/** Names of the functions in what the library has parsed; it looks them up when they are called. */
function functionsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(functionsIn);
  if (!isObject(node)) return [];
  const own = node.type === 'Function' && typeof node.name === 'string' ? [node.name] : [];
  return [...own, ...Object.values(node).flatMap(functionsIn)];
}

/** @throws Error when there is no function of that name: called without anything, one that there is complains of that */
function requireFunction(jmespath: typeof Jmespath, name: string): void {
  try {
    jmespath.search(null, `${name}()`);
  } catch (error) {
    if (reasonOf(error).startsWith('Unknown function')) throw error;
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
