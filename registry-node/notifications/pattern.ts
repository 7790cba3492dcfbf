// Which artifact events a connected registry tells of: patterns `name[:tag][@digest]:action`, where action is push, delete or
// `*`, and a `*` in a part stands for whatever is there (Azure REST API, Connected Registries, `notificationsList`). A digest
// holds a colon itself and a tag may be called `push`, so a pattern is read from the right: what follows the last colon is the
// action, and what is left of it names the artifact.
import type { ArtifactEvent } from './event.ts';

export interface Pattern {
  action: 'push' | 'delete' | '*';
  name: string;
  /** Absent: any, and none. */
  tag?: string | undefined;
  digest?: string | undefined;
}

const actions: ReadonlySet<string> = new Set(['push', 'delete', '*']);
const charactersMax = 600;
/** Clients may write repositories with capitals, which none has. */
const namePattern = /^[a-zA-Z0-9*][a-zA-Z0-9._/*-]*$/;
const tagPattern = /^[\w*][\w.*-]{0,127}$/;
const digestPattern = /^(\*|[a-z0-9]+([+._-][a-z0-9]+)*:[a-f0-9*]+)$/;

/** @returns what is wrong with it, as a sentence, when it is none */
export function parsePattern(text: string): Pattern | { wrong: string } {
  if (text.length > charactersMax) return { wrong: `It is longer than ${charactersMax} characters.` };
  const colon = text.lastIndexOf(':');
  const action = text.slice(colon + 1).toLowerCase();
  if (colon < 0 || !isAction(action))
    return { wrong: `It does not end with an action: ':push', ':delete' or ':*'.` };
  const artifact = text.slice(0, colon);
  const at = artifact.indexOf('@');
  const digest = at < 0 ? undefined : artifact.slice(at + 1);
  const [name = '', ...tags] = (at < 0 ? artifact : artifact.slice(0, at)).split(':');
  const [tag] = tags;
  if (!namePattern.test(name)) return { wrong: `'${name}' is not a repository, nor one with '*' in it.` };
  if (tag !== undefined && (tags.length > 1 || !tagPattern.test(tag)))
    return { wrong: `'${tags.join(':')}' is not a tag, nor one with '*' in it.` };
  if (digest !== undefined && !digestPattern.test(digest))
    return { wrong: `'${digest}' is not a digest like sha256:…, nor '*'.` };
  return { action, name: name.toLowerCase(), tag, digest };
}

/** Those that are none tell of nothing: they were written by somebody newer. */
export function compilePatterns(texts: readonly string[]): (event: ArtifactEvent) => boolean {
  const patterns = texts.map(parsePattern).filter((parsed): parsed is Pattern => !('wrong' in parsed));
  return (event) => patterns.some((pattern) => isAbout(pattern, event));
}

function isAbout({ action, name, tag, digest }: Pattern, event: ArtifactEvent): boolean {
  if (action !== '*' && action !== event.action) return false;
  if (!fits(name, event.repository)) return false;
  if (digest !== undefined && !fits(digest, event.digest)) return false;
  const tags = event.tags ?? (event.tag === undefined ? [] : [event.tag]);
  return tag === undefined || tags.some((each) => fits(tag, each));
}

/** Text between the asterisks must come in its order; the time is bounded by the product of both lengths. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

function isAction(text: string): text is Pattern['action'] {
  return actions.has(text);
}
