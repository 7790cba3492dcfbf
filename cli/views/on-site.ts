// How it is shown what is on site, and what the next sync would do.
import { bytesText, secondsText } from '../output/bytes.ts';
import { at, column, listAt, textAt, timeColumn, type View } from '../output/view.ts';

/** A row per tag; a repository without tags has one of its own. */
export const siteStatusView: View = {
  columns: {
    REPOSITORY: column('repository'),
    TAG: column('tag'),
    STATE: column('state'),
    'BYTES LEFT': (row) => bytesText(at(row, 'bytesLeft')),
  },
  rows: (result) =>
    listAt(result, 'repositories').flatMap((repository) => {
      const name = at(repository, 'name');
      const bytesLeft = at(repository, 'bytesLeft');
      const tags = listAt(repository, 'tags').map((tag, index) => ({
        repository: name,
        tag: at(tag, 'name'),
        state: at(tag, 'state'),
        bytesLeft: index === 0 ? bytesLeft : undefined,
      }));
      // Asked for by its digest, an image may have no tag.
      const state = at(repository, 'manifest.state');
      return tags.length > 0 ? tags : [{ repository: name, state, bytesLeft }];
    }),
};

export const treeView: View = {
  columns: {
    NAME: (row) => `${textAt(row, 'indent')}${textAt(row, 'name')}`,
    MODE: column('mode'),
    'CONNECTION STATE': column('connectionState'),
    'LAST SYNC (UTC)': timeColumn('lastSyncTime'),
    'BYTES LEFT': (row) => (at(row, 'known') === true ? bytesText(at(row, 'bytesLeft')) : 'unknown'),
  },
  rows: (result) => (Array.isArray(result) ? result.flatMap((root: unknown) => branch(root, '', '')) : []),
};

/** @param indent what stands before the name @param below what stands before its children's lines */
function branch(node: unknown, indent: string, below: string): unknown[] {
  const children = listAt(node, 'children');
  const lines = children.flatMap((child, index) => {
    const last = index === children.length - 1;
    return branch(child, `${below}${last ? '└─ ' : '├─ '}`, `${below}${last ? '   ' : '│  '}`);
  });
  return [{ ...(node as object), indent }, ...lines];
}

/** A line per repository to copy or thing to remove, and then the sums and whether they fit. */
export const syncPlanView: View = {
  columns: {
    ACTION: column('action'),
    WHAT: column('what'),
    SIZE: column('size'),
  },
  rows: (plan) => [
    ...listAt(plan, 'copies').map((copy) => ({
      action: 'copy',
      what: [at(copy, 'repository'), listAt(copy, 'tags').join(', ')].filter(Boolean).join(': '),
      size: bytesText(at(copy, 'bytes')),
    })),
    ...listAt(plan, 'removals').map((removal) => ({ action: 'remove', what: removalText(removal) })),
    ...filteredRow(plan),
    { action: 'total', what: totalText(plan), size: bytesText(at(plan, 'bytesLeft')) },
    { action: 'disk', what: fits(at(plan, 'fitsDisk')), size: bytesText(at(plan, 'node.freeBytes')) },
    { action: 'window', what: windowText(plan), size: secondsText(at(plan, 'secondsNeeded')) },
  ],
};

function removalText(removal: unknown): string {
  const tag = textAt(removal, 'tag');
  const name = textAt(removal, 'repository');
  return tag === '' ? `${name}@${textAt(removal, 'digest')}` : `${name}:${tag}`;
}

/** Also where only a filter further up keeps something away. */
function filteredRow(plan: unknown): object[] {
  const tags = Number(at(plan, 'tagsFiltered') ?? 0);
  if (tags === 0 && at(plan, 'syncFilter') === undefined) return [];
  return [{ action: 'filter', what: `${tags} tags are not wanted` }];
}

function totalText(plan: unknown): string {
  const unlisted = Number(at(plan, 'unlisted'));
  if (at(plan, 'known') !== true) return 'at most: what is on site is not known before the next full sync';
  return `${String(at(plan, 'manifestsLeft'))} manifests${unlisted > 0 ? `, ${unlisted} lines not shown` : ''}`;
}

function fits(answer: unknown): string {
  if (typeof answer !== 'boolean') return 'unknown: the node has not told';
  return answer ? 'suffices' : 'does not suffice';
}

function windowText(plan: unknown): string {
  if (at(plan, 'window.continuous') === true) return 'always open';
  const opens = textAt(plan, 'window.opens');
  if (opens === '') return 'never opens';
  const closes = textAt(plan, 'window.closes');
  const when = closes === '' ? `from ${opens} on` : `${opens} to ${closes}`;
  const answer = at(plan, 'fitsWindow');
  return `${when}: ${typeof answer === 'boolean' ? fits(answer) : 'unknown: the node has measured no speed yet'}`;
}
