// ACRC_HOME as users have it: missing, in a place where nothing can be made, a file by mistake, on a disk that is read-only.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type StandIn, startStandIn, subscriptionId } from '../fixtures/arm-stand-in.ts';
import { type Run, run } from '../fixtures/command.ts';
import { assert, describe } from '../fixtures/describe.ts';

const executable = fileURLToPath(new URL('../bin/acrc.ts', import.meta.url));
/** Linux answers there that nothing exists, whatever is made. */
const unmakeable = '/proc/acrc/home';
const registries = `GET /subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/registries`;

describe(
  'a home',
  ({ test, before, after }) => {
    let folder: string;
    let file: string;
    let standIn: StandIn;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-home-'));
      file = join(folder, 'file');
      await writeFile(file, '');
      standIn = await startStandIn({ [registries]: [{ body: { value: [] } }] });
    });
    after(async () => {
      await standIn.close();
      await rm(folder, { recursive: true, force: true });
    });
    const acrc = (line: string, env: NodeJS.ProcessEnv): Promise<Run> =>
      run(process.execPath, [executable, ...line.split(' ')], {
        env: { PATH: process.env.PATH, HOME: folder, ...env },
        timeoutMs: 20_000,
      });

    const refused = [
      ['configure --defaults acr=mine', 'EEXIST'],
      ['list', 'ENOTDIR'],
      ['node status', 'ENOTDIR'],
      ['control-plane start --port 0', 'EEXIST'],
      ['control-plane start --port 0 --detach', 'EEXIST'],
    ] as const;
    for (const [line, reason] of refused) {
      test(`that is a file is named by acrc ${line}, and how to name another`, async () => {
        const { code, stdout, stderr } = await acrc(line, { ACRC_HOME: file });
        assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
        assert.match(
          stderr,
          /^ERROR: '.*' cannot be used: a file is where a folder must be \(E.*\)\.\nacrc keeps what is/,
        );
        assert.ok(stderr.includes(reason) && stderr.includes('ACRC_HOME'), stderr);
      });
    }

    test('in which nothing can be made is refused, and not tried for ever', async () => {
      const { code, stderr } = await acrc('configure --defaults acr=mine', { ACRC_HOME: unmakeable });
      assert.equal(code, 1);
      assert.match(stderr, /^ERROR: '\/proc\/acrc' cannot be used: no folder can be made there \(ENOENT\)\./);
    });

    for (const unusable of ['file', 'unmakeable'] as const) {
      test(`that is ${unusable} does without a kept token: what the environment says is enough`, async () => {
        const home = unusable === 'file' ? file : unmakeable;
        const env = { ...standIn.environment(home), HOME: folder };
        const { code, stdout, stderr } = await acrc('list -o json', env);
        assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '[]\n', stderr: '' });
      });
    }

    test('is not made by a command that only looks', async () => {
      const home = join(folder, 'missing');
      for (const line of ['node status', 'configure --list-defaults', 'cloud list -o none']) {
        const { code, stderr } = await acrc(line, { ACRC_HOME: home });
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      }
      assert.equal(existsSync(home), false);
    });
  },
  { timeoutMs: 60_000 },
);
