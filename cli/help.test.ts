// Every help page to the letter, as a terminal of 100 columns shows it: help/goldens/ holds a file per page.
import { readdir } from 'node:fs/promises';
import { commands, groups } from '../fixtures/command-tree.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { matchGolden } from '../fixtures/golden.ts';
import { commandHelp, groupHelp } from './help.ts';

const folder = new URL('help/goldens/', import.meta.url);
const width = 100;

const pages = new Map<string, () => Promise<string>>();
for (const { path, noun } of groups()) {
  const words = ['acrc', ...path].join(' ');
  pages.set(words, async () => groupHelp({ path: words, summary: noun.summary, width }, noun));
}
for (const { path, verb } of commands()) {
  const words = ['acrc', ...path].join(' ');
  pages.set(words, async () =>
    commandHelp({ path: words, summary: verb.summary, width }, (await verb.load()).default),
  );
}
const fileOf = (words: string): string => `${words.replaceAll(' ', '.')}.txt`;

describe('help', ({ test }) => {
  for (const [words, page] of pages) {
    test(`${words} --help`, async () => {
      await matchGolden(new URL(fileOf(words), folder), await page());
    });
  }

  test('has a page for nothing that is not there any more', async () => {
    const known = new Set([...pages.keys()].map(fileOf));
    assert.deepEqual(
      (await readdir(folder)).filter((file) => !known.has(file)),
      [],
    );
  });
});
