// Which images a webhook is about (Azure REST API, Webhooks, `scope`): `` all; `repository:tag`; `repository:*` any tag and
// none; `repository` is `repository:latest`. A `*` at the end of either part stands for whatever follows. Clients may write
// repositories with capitals, which none has.
import type { ArtifactEvent } from '../../../registry-node/notifications/event.ts';

const scopePattern = /^[a-zA-Z0-9*][a-zA-Z0-9._/*-]{0,254}(:[\w*][\w.*-]{0,127})?$/;

export function isScope(text: string): boolean {
  if (text === '') return true;
  return scopePattern.test(text) && text.split(':').every((part) => !part.slice(0, -1).includes('*'));
}

export function isInScope(scope: string, event: ArtifactEvent): boolean {
  if (scope === '') return true;
  const [repository = '', tag] = scope.split(':');
  // A pattern of repositories without a tag could hardly mean only those called latest.
  const tagPattern = tag ?? (repository.endsWith('*') ? '*' : 'latest');
  if (!fits(repository.toLowerCase(), event.repository)) return false;
  const tags = event.tags ?? (event.tag === undefined ? [] : [event.tag]);
  return tagPattern === '*' || tags.some((each) => fits(tagPattern, each));
}

function fits(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
