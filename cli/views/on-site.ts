// How it is shown what is on site, and what the next sync would do.
import { bytesText, secondsText } from '../output/bytes.ts';
import { at, column, listAt, tableTime, textAt, timeColumn, type View } from '../output/view.ts';

/** A row per tag, one for what of a repository has no tag, and the sum where several are left. */
export const siteStatusView: View = {
  columns: {
    REPOSITORY: column('repository'),
    TAG: column('tag'),
    STATE: column('state'),
    'BYTES LEFT': (row) => bytesText(at(row, 'bytesLeft')),
    'ESTIMATED END (UTC)': timeColumn('estimatedEnd'),
  },
  rows: (result) => {
    const rows = listAt(result, 'repositories').flatMap(repositoryRows);
    const estimatedEnd = at(result, 'estimatedEnd');
    const bytesLeft = at(result, 'bytesLeft');
    if (rows.length === 1) return rows.map((row) => ({ ...row, bytesLeft, estimatedEnd }));
    if (at(result, 'onSite') === true) return rows;
    return [...rows, { repository: 'total', bytesLeft, estimatedEnd }];
  },
};

function repositoryRows(found: unknown): object[] {
  const repository = at(found, 'name');
  const tags = listAt(found, 'tags');
  const rows = tags.map((tag) => ({
    repository,
    tag: at(tag, 'name'),
    state: at(tag, 'state'),
    bytesLeft: at(tag, 'bytesLeft'),
  }));
  const manifest = at(found, 'manifest');
  // Asked for by its digest, an image may have no tag.
  if (manifest !== undefined && rows.length === 0)
    return [{ repository, state: at(manifest, 'state'), bytesLeft: at(manifest, 'bytesLeft') }];
  const isLeft = tags.some((tag) => left.has(textAt(tag, 'state')));
  const manifestsLeft = Number(at(found, 'manifestsLeft') ?? 0);
  if (isLeft || manifest !== undefined || manifestsLeft === 0) return rows;
  return [
    ...rows,
    { repository, state: `${manifestsLeft} untagged missing`, bytesLeft: at(found, 'bytesLeft') },
  ];
}

const left: ReadonlySet<string> = new Set(['Missing', 'Different', 'Unknown']);

export const treeView: View = {
  columns: {
    NAME: (row) => `${textAt(row, 'indent')}${textAt(row, 'name')}`,
    MODE: column('mode'),
    'CONNECTION STATE': column('connectionState'),
    'LAST SYNC (UTC)': timeColumn('lastSyncTime'),
    'BYTES LEFT': (row) => (at(row, 'known') === true ? bytesText(at(row, 'bytesLeft')) : 'unknown'),
    TROUBLE: (row) => [...new Set(listAt(row, 'troubles').map((trouble) => at(trouble, 'code')))].join(', '),
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
    ...endRow(plan),
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

function endRow(plan: unknown): object[] {
  const end = tableTime(at(plan, 'estimatedEnd'));
  return end === undefined ? [] : [{ action: 'end', what: `about ${end}, at the speed of the last copy` }];
}

function windowText(plan: unknown): string {
  if (at(plan, 'window.continuous') === true) return 'always open';
  const opens = tableTime(at(plan, 'window.opens'));
  if (opens === undefined) return 'never opens';
  const closes = tableTime(at(plan, 'window.closes'));
  const when = closes === undefined ? `from ${opens} on` : `${opens} to ${closes}`;
  const answer = at(plan, 'fitsWindow');
  return `${when}: ${typeof answer === 'boolean' ? fits(answer) : 'unknown: the node has measured no speed yet'}`;
}
