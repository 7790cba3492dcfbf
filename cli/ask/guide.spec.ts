// What a person sees who is asked, in a real terminal: key by key, screen by screen.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { missingProgram } from '../../fixtures/clients/installed.ts';
import { Tmux } from '../../fixtures/clients/tmux.ts';
import { succeed } from '../../fixtures/command.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { matchGolden } from '../../fixtures/golden.ts';
import { Layout } from '../../fixtures/images/layout.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

const executable = fileURLToPath(new URL('../../bin/acrc.ts', import.meta.url));

interface ConnectedRegistry {
  mode: string;
  parent: { id: string; syncProperties: { schedule: string; syncWindow: string } };
}

/** Keys, and what is waited for before the screen is looked at. */
type Step = readonly [keys: readonly string[], shown: string];

const guidedCreation: readonly Step[] = [
  [[], 'select'],
  [['Enter'], 'Name of the connected registry'],
  [['line1', 'Enter'], 'Whether clients may push to it'],
  [['Down', 'Enter'], 'Its parent'],
  [['Down'], '❯ └─ factory1'],
  [['Enter'], 'Repositories to synchronise'],
  [['Space', 'Down', 'Space', 'Enter'], 'When it synchronises'],
  [['Down', 'Down'], '❯ Every night at two'],
  [['Down', 'Down', 'Enter'], 'Cron expression of five fields'],
  [['60 4 * * 1', 'Enter'], 'It is not a cron expression'],
  [['C-u', '30 4 * * 1', 'Enter'], 'Take it?'],
  [['Enter'], 'How long a sync window stays open'],
  [['Down', 'Enter'], 'tokens that its clients sign in with'],
  [['Enter'], '[exit code 0]'],
];

describe(
  'on a terminal',
  ({ test, skip, before, after }) => {
    const missing = missingProgram('tmux');
    if (missing !== undefined) return skip('values that are missing are asked for', missing);
    let folder: string;
    let cloud: Cloud;
    let env: NodeJS.ProcessEnv;
    /** What the guided creation said at its end. */
    let said: string;
    const acrc = (line: string): Promise<string> =>
      succeed(process.execPath, [executable, ...line.split(' ')], { env });
    const at = async <T>(words: string, work: (terminal: Tmux) => Promise<T>): Promise<T> => {
      const terminal = await Tmux.open([process.execPath, executable, ...words.split(' ')], { env });
      try {
        return await work(terminal);
      } finally {
        await terminal.close();
      }
    };

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-guide-'));
      const home = join(folder, 'home');
      cloud = await startCloud({ credentialFile: join(home, 'credentials.json') });
      env = { PATH: process.env.PATH, ACRC_HOME: home, NO_COLOR: '1', TERM: 'screen', LANG: 'C.UTF-8' };
      await acrc('group create -n acr-rg -l westeurope');
      await acrc('create -n myregistry -g acr-rg --sku Premium --data-endpoint-enabled true');
      const layout = await Layout.create(join(folder, 'image'));
      await layout.tag(await layout.image({ seed: 'hello', layerBytes: [1000] }), 'latest');
      const source = `oci:${join(folder, 'image')}:latest`;
      await acrc(`import -n myregistry --source ${source} --image app:v1 hello-world:v1`);
      await acrc('connected-registry create -r myregistry -n factory1 --repository app --mode ReadWrite');
    });
    after(async () => {
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('a connected registry is made by answering questions, and the same is said in one line', async () => {
      const screens: string[] = [];
      await at('connected-registry create -o none', async (terminal) => {
        for (const [keys, shown] of guidedCreation) {
          for (const key of keys) await terminal.type(key);
          screens.push(`[${keys.join('] [')}]\n${undated(await terminal.showing(shown))}`);
        }
        assert.equal(await terminal.exitCode(), 0);
        said = /^acrc connected-registry create .*$/m.exec(await terminal.screen())![0];
      });
      await matchGolden(new URL('goldens/guided-creation.txt', import.meta.url), screens.join('\n'));
    });

    test('the line that was said makes the same', async () => {
      const show = async (): Promise<unknown> => {
        const made: ConnectedRegistry = JSON.parse(
          await acrc('connected-registry show -r myregistry -n line1'),
        );
        const { schedule, syncWindow } = made.parent.syncProperties;
        return { mode: made.mode, parent: made.parent.id, schedule, syncWindow };
      };
      const asked = await show();
      await acrc('connected-registry delete -r myregistry -n line1 --cleanup --yes');
      const line = said.replace('acrc', `'${process.execPath}' '${executable}'`);
      await succeed('sh', ['-c', line], { env });
      assert.deepEqual(await show(), asked);
    });

    test('Ctrl-C at a question ends with 130 and leaves nothing', async () => {
      const before = await acrc('connected-registry list -r myregistry --query [].name -o tsv');
      await at('connected-registry create -r myregistry', async (terminal) => {
        await terminal.showing('Name of the connected registry');
        await terminal.type('gone1', 'Enter');
        await terminal.showing('Whether clients may push to it');
        await terminal.type('C-c');
        assert.equal(await terminal.exitCode(), 130);
        assert.match(await terminal.screen(), /ERROR: Interrupted at a question: nothing was done\./);
      });
      assert.equal(await acrc('connected-registry list -r myregistry --query [].name -o tsv'), before);
      assert.equal(await acrc('token list -r myregistry --query [?name==`gone1`]'), '[]\n');
    });

    test('Ctrl-C ends a command that waits', async () => {
      const words = 'connected-registry status -r myregistry -n factory1 --image app:v1 --wait';
      await at(words, async (terminal) => {
        await waitFor('it to wait', async () => (await terminal.screen()).includes("Waiting for 'factory1'"));
        await terminal.type('C-c');
        assert.equal(await terminal.exitCode(), 130);
      });
    });

    test('a required name is chosen from a list, and a kept default is not asked for', async () => {
      env.ACRC_DEFAULTS_ACR = 'myregistry';
      await at('connected-registry show --query name -o tsv', async (terminal) => {
        assert.match(await terminal.showing('❯ factory1'), /^\? Name of the connected registry/);
        await terminal.type('Enter');
        assert.equal(await terminal.exitCode(), 0);
        assert.match(await terminal.screen(), /\nfactory1\n/);
      });
      delete env.ACRC_DEFAULTS_ACR;
    });

    test('without a terminal a missing value is an error, as az has it', async () => {
      await assert.rejects(
        acrc('connected-registry create'),
        /ERROR: the following arguments are required: --registry\/-r, --name\/-n/,
      );
    });
  },
  { timeoutMs: 60_000 },
);

function undated(screen: string): string {
  return screen.replaceAll(/\w{3} \d{4}-\d\d-\d\d (\d\d:\d\d) UTC/g, '{day} $1 UTC');
}
