// The folder that a build replaces is named by whoever types the command, and may be the wrong one.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../fixtures/describe.ts';
import { buildPackage } from './package.ts';

describe('a build', ({ before, after, test }) => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-build-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('replaces no folder that holds something else, and says what', async () => {
    const target = join(folder, 'home');
    await mkdir(join(target, 'pictures'), { recursive: true });
    await writeFile(join(target, 'package.json'), '{}');
    await assert.rejects(buildPackage(target), /home holds what no build made: pictures\. Name another/);
    assert.deepEqual((await readdir(target)).sort(), ['package.json', 'pictures']);
  });

  test('replaces no file', async () => {
    const target = join(folder, 'letter.txt');
    await writeFile(target, 'Dear');
    await assert.rejects(buildPackage(target), /letter\.txt is no folder/);
  });
});
