// `jsonc` and `yamlc`: the same texts with colours for people. chalk leaves them out where colours are not wanted.
import type { ChalkInstance } from 'chalk';

export function colourJson(json: string, chalk: ChalkInstance): string {
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\b/g;
  return json.replace(token, (_, text?: string, colon?: string, bare?: string) => {
    if (text === undefined) return chalk.cyan(bare);
    return colon === undefined ? chalk.yellow(text) : chalk.blue(text) + colon;
  });
}

export function colourYaml(yaml: string, chalk: ChalkInstance): string {
  return yaml.replace(
    /^([\s-]*)([^\s:][^:\n]*:)(?= |$)/gm,
    (_, indent: string, key: string) => indent + chalk.blue(key),
  );
}
