// Files that are no export, or not ours: nothing of them is unpacked outside, and nothing stays.
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Header, pack } from 'tar-stream';
import { assert, describe } from '../../fixtures/describe.ts';
import { createChecksum } from './format.ts';
import { importControlPlane } from './import.ts';

type Piece = readonly [name: string, text: string, more?: Partial<Header>];

const about: Piece = [
  'archive.json',
  JSON.stringify({ format: 1, version: '0.1.0', createdAt: '2026-03-01T12:00:00Z', registries: [] }),
];
const key: Piece = ['data/keys/admin-passwords', 'secret'];
const registry = 'data/registries/myregistry-3f2504e0-4f89-41d3-9a0c-0305e82c3301';

/** With the checksum that belongs to it. */
async function writeArchive(file: string, pieces: readonly Piece[]): Promise<void> {
  const tar = pack();
  const checksum = createChecksum();
  for (const [name, text, more] of pieces) {
    const bytes = Buffer.from(text);
    checksum.begin(name, bytes.length);
    checksum.add(bytes);
    tar.entry({ name, ...more }, more?.type ? '' : bytes);
  }
  tar.entry({ name: 'checksum' }, checksum.end());
  tar.finalize();
  await pipeline(tar, createWriteStream(file));
}

describe('an import', ({ beforeEach, afterEach, test }) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-import-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const refuses = async (file: string, why: RegExp): Promise<void> => {
    const dataFolder = join(folder, 'data');
    const credentialFile = join(folder, 'home', 'credentials.json');
    await assert.rejects(importControlPlane({ file, dataFolder, credentialFile }), why);
    assert.deepEqual((await readdir(folder)).sort(), ['archive.tar', 'data']);
    assert.deepEqual(await readdir(dataFolder), ['lock']);
  };

  const refused: readonly (readonly [string, readonly Piece[], RegExp])[] = [
    ['nothing', [], /ends early/],
    ['another first file', [key, about], /was not written by 'acrc control-plane export'/],
    ['no JSON', [['archive.json', 'format']], /was not written by 'acrc control-plane export'/],
    ['a path upwards', [about, ['data/keys/../../../outside', 'x']], /it holds 'data\/keys\/\.\.\/\.\.\//],
    ['an absolute path', [about, ['/etc/outside', 'x']], /it holds '\/etc\/outside'/],
    ['a file that is none of ours', [about, ['data/notes.txt', 'x']], /it holds 'data\/notes\.txt'/],
    [
      'a blob beside its place',
      [about, [`${registry}/content/blobs/sha256/aa/x`, 'x']],
      /it holds 'data\/registries/,
    ],
    [
      'a link',
      [about, ['data/keys/link', '', { type: 'symlink', linkname: '/etc/passwd' }]],
      /it holds 'data\/keys\/link'/,
    ],
    ['a folder', [about, ['data/keys', '', { type: 'directory' }]], /it holds 'data\/keys/],
    ['one file twice', [about, key, key], /EEXIST/],
    ['a description without end', [['archive.json', ' '.repeat(2_000_000)]], /'archive\.json' is too large/],
    [
      'a database that is none',
      [about, key, ['data/database.sqlite', 'not a database, and long enough to be looked at']],
      /not a database/,
    ],
  ];
  for (const [what, pieces, why] of refused) {
    test(`refuses ${what}`, async () => {
      const file = join(folder, 'archive.tar');
      await writeArchive(file, pieces);
      await refuses(file, why);
    });
  }

  test('refuses what another checksum belongs to', async () => {
    const file = join(folder, 'archive.tar');
    const tar = pack();
    for (const [name, text] of [about, key, ['checksum', 'a'.repeat(64)] as const]) tar.entry({ name }, text);
    tar.finalize();
    await pipeline(tar, createWriteStream(file));
    await refuses(file, /its checksum does not match/);
  });

  test('refuses what is no tar', async () => {
    const file = join(folder, 'archive.tar');
    for (const text of ['', 'hello', 'x'.repeat(5000)]) {
      await writeFile(file, text);
      await refuses(file, /is damaged or not an export/);
    }
  });
});
