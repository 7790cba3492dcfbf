// Completion as a user meets it: Tab in a real shell, and what `acrc __complete` says to it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { missingProgram } from '../../fixtures/clients/installed.ts';
import { Tmux } from '../../fixtures/clients/tmux.ts';
import { succeed } from '../../fixtures/command.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { Layout } from '../../fixtures/images/layout.ts';
import { provision } from '../../fixtures/provisioned-cloud.ts';

const executable = fileURLToPath(new URL('../../bin/acrc.ts', import.meta.url));

let folder: string;
let home: string;
let cloud: Cloud;
let env: NodeJS.ProcessEnv;

const acrc = (...words: string[]): Promise<string> =>
  succeed(process.execPath, [executable, ...words], { env });

/** The words that are offered for the last word of `line`. */
async function offered(line: string, more: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const words = line.split(' ');
  const asked = ['__complete', `=${words.at(-1)}`, ...words.slice(0, -1)];
  const text = await succeed(process.execPath, [executable, ...asked], { env: { ...env, ...more } });
  return text.split('\n').flatMap((each) => (each === '' ? [] : [each.split('\t')[0]!]));
}

/** On a busy machine names may come too late: a person presses Tab again, and so does this. */
async function pressed(line: string, more?: NodeJS.ProcessEnv): Promise<string[]> {
  let found: string[] = [];
  for (let times = 0; found.length === 0 && times < 5; times++) found = await offered(line, more);
  return found;
}

/** What is typed into a shell that knows nothing yet; then a line and Tab. */
const shells = [
  { shell: 'bash', start: ['bash', '--norc', '--noprofile', '-i'], load: 'source <(acrc completion bash)' },
  {
    shell: 'zsh',
    start: ['zsh', '-f', '-i'],
    load: 'autoload -Uz compinit; compinit -u -D; source <(acrc completion zsh)',
  },
  { shell: 'fish', start: ['fish', '--no-config'], load: 'acrc completion fish | source' },
] as const;

describe(
  'acrc __complete',
  ({ test, skip, before, after }) => {
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-completion-'));
      home = join(folder, 'home');
      cloud = await startCloud({ credentialFile: join(home, 'credentials.json') });
      await provision(cloud);
      await mkdir(join(folder, 'bin'));
      const launcher = `#!/bin/sh\nexec '${process.execPath}' '${executable}' "$@"\n`;
      await writeFile(join(folder, 'bin', 'acrc'), launcher, { mode: 0o755 });
      const path = `${join(folder, 'bin')}:${process.env.PATH}`;
      env = { PATH: path, ACRC_HOME: home, HOME: folder, TERM: 'screen', LANG: 'C.UTF-8' };
      const layout = await Layout.create(join(folder, 'layout'));
      await layout.tag(await layout.image({ seed: 'one', layerBytes: [100] }), 'latest');
      const images = ['team/web:v1', 'team/jobs:v1', 'tools:v1'];
      await acrc('import', '-n', 'myregistry', '--source', `oci:${layout.folder}`, '--image', ...images);
      // Signs in, so that a later answer costs one request.
      await acrc('list');
    });
    after(async () => {
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    });

    const rows: [string, string[]][] = [
      ['conn', ['connected-registry']],
      ['token cr', ['create', 'credential']],
      ['token credential ', ['generate', 'delete']],
      ['token show --n', ['--name']],
      ['token show --name reader --n', []],
      ['token show --name reader --RES', ['--resource-group']],
      ['connected-registry create --mode ', ['ReadOnly', 'ReadWrite']],
      ['connected-registry create --mode=readw', ['--mode=ReadWrite']],
      ['connected-registry create --mode = readw', ['ReadWrite']],
      ['list -o y', ['yaml', 'yamlc']],
      ['token show --query ', []],
      ['completion ', ['bash', 'zsh', 'fish', 'powershell']],
      ['token zzz ', []],
    ];
    for (const [line, words] of rows) {
      test(`offers ${words.join(', ') || 'nothing'} for 'acrc ${line}'`, async () => {
        assert.deepEqual(await offered(line), words);
      });
    }

    const names: [string, string[]][] = [
      ['show -n ', ['basicregistry', 'myregistry']],
      ['group show -n ', ['acr-rg']],
      ['connected-registry show -r myregistry -n ', ['factory1', 'machine1']],
      ['token show -r myregistry --name sync', ['sync1', 'sync2', 'sync3']],
      ['scope-map show -r myregistry -n sync', ['sync-map']],
      ['connected-registry create -r myregistry --client-tokens sync1 cl', ['client1']],
      ['token create -r myregistry -n ', []],
      ['repository show -n myregistry --repository team/', ['team/jobs', 'team/web']],
      ['repository delete -n myregistry --repository=to', ['--repository=tools']],
    ];
    for (const [line, words] of names) {
      test(`knows ${words.join(', ') || 'no name'} for 'acrc ${line}'`, async () => {
        assert.deepEqual(await pressed(line), words);
      });
    }

    test('asks the registry that is kept as default', async () => {
      const found = await pressed('connected-registry show -n ', { ACRC_DEFAULTS_ACR: 'myregistry' });
      assert.deepEqual(found, ['factory1', 'machine1']);
    });

    test('gives up silently on a control plane that says nothing', async () => {
      const silent = createServer(() => {});
      await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
      const address = silent.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const elsewhere = {
        ACRC_ENDPOINT: `http://127.0.0.1:${port}`,
        ACRC_CLIENT_ID: 'me',
        ACRC_CLIENT_SECRET: 's3cret',
        ACRC_TENANT_ID: 'tenant',
      };
      const started = performance.now();
      assert.deepEqual(await offered('show -n ', elsewhere), []);
      assert.ok(performance.now() - started < 5000);
      silent.close();
    });

    for (const { shell, start, load } of shells) {
      const missing = missingProgram('tmux', shell);
      const name = `${shell} completes a command, an option and a name`;
      if (missing !== undefined) {
        skip(name, missing);
        continue;
      }
      test(name, async () => {
        const terminal = await Tmux.open(start, { env: { ...env, PS1: '$ ' } });
        try {
          await terminal.type(load, 'Enter', 'echo loaded-$SHLVL', 'Enter');
          await terminal.showing('loaded-');
          await terminal.type('clear', 'Enter');
          const typed: [keys: string, shown: string][] = [
            ['acrc connected-reg', 'acrc connected-registry'],
            ['deac', 'acrc connected-registry deactivate'],
            ['-r myregistry --na', 'deactivate -r myregistry --name'],
            ['mach', '--name machine1'],
          ];
          for (const [keys, shown] of typed) {
            await terminal.type(keys);
            await terminal.completing(shown);
          }
        } finally {
          await terminal.close();
        }
      });
    }

    test('is silent without a control plane', async () => {
      assert.deepEqual(await offered('show -n ', { ACRC_HOME: join(folder, 'empty') }), []);
    });
  },
  { timeoutMs: 90_000 },
);
