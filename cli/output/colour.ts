// JSON and YAML with colours for people: the same texts. Loaded only where they are shown on a terminal, or wanted anyway.
import { Chalk } from 'chalk';

/** Sixteen colours, which the user's terminal knows how to show well. Whether they are wanted is decided by paint.ts. */
const chalk = new Chalk({ level: 1 });

export const colourOf = { json: colourJson, yaml: colourYaml } as const;

function colourJson(json: string): string {
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\b/g;
  return json.replace(token, (_, text?: string, colon?: string, bare?: string) => {
    if (text === undefined) return chalk.cyan(bare);
    return colon === undefined ? chalk.yellow(text) : chalk.blue(text) + colon;
  });
}

function colourYaml(yaml: string): string {
  return yaml.replace(
    /^([\s-]*)([^\s:][^:\n]*:)(?= |$)/gm,
    (_, indent: string, key: string) => indent + chalk.blue(key),
  );
}
