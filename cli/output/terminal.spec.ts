// The same commands in a real terminal and in a pipe, byte for byte. The terminal is made by `script` of util-linux.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, type StandIn, startStandIn, subscriptionId } from '../../fixtures/arm-stand-in.ts';
import { run } from '../../fixtures/command.ts';
import { assert, describe } from '../../fixtures/describe.ts';

const executable = fileURLToPath(new URL('../../bin/acrc.ts', import.meta.url));
const registry = `/subscriptions/${subscriptionId}/resourceGroups/acr-rg/providers/Microsoft.ContainerRegistry/registries/myregistry`;
const registries = '/providers/Microsoft.ContainerRegistry/registries';
const token = {
  name: 'reader',
  id: `${registry}/tokens/reader`,
  properties: { status: 'enabled', scopeMapId: `${registry}/scopeMaps/a-scope-map-of-a-long-name` },
};
const list = 'token list -r myregistry -g acr-rg';
const columns = 100;
const [red, blue, yellow, end] = ['\u001b[31m', '\u001b[34m', '\u001b[33m', '\u001b[39m'];

/** What a copy in the control plane says of itself, in MB. */
function importing(done: number, total: number): Answer {
  const properties = { bytesDone: done * 1e6, bytesTotal: total * 1e6 };
  return { status: 202, headers: { 'retry-after': '0.2' }, body: { status: 'Accepted', properties } };
}

interface Row {
  name: string;
  words: string;
  env?: NodeJS.ProcessEnv;
  code: number;
  terminal: readonly string[];
  pipe: { stdout: readonly string[]; stderr: readonly string[] };
}

const rows: Row[] = [
  {
    name: 'a table',
    words: `${list} -o table`,
    code: 0,
    terminal: [
      'NAME    SCOPE MAP       PASSWORD1 EXPI…  PASSWORD2 EXPI…  STATUS    PROVISIONING S…  CREATION DATE',
      '------  --------------  ---------------  ---------------  --------  ---------------  ---------------',
      'reader  a-scope-map-o…                                    Enabled',
    ],
    pipe: {
      stdout: [
        'NAME    SCOPE MAP                   PASSWORD1 EXPIRY    PASSWORD2 EXPIRY    STATUS    PROVISIONING STATE    CREATION DATE',
        '------  --------------------------  ------------------  ------------------  --------  --------------------  ---------------',
        'reader  a-scope-map-of-a-long-name                                          Enabled',
      ],
      stderr: [],
    },
  },
  {
    name: 'JSON',
    words: `${list} --query [].{n:name}`,
    code: 0,
    terminal: ['[', '  {', `    ${blue}"n"${end}: ${yellow}"reader"${end}`, '  }', ']'],
    pipe: { stdout: ['[', '  {', '    "n": "reader"', '  }', ']'], stderr: [] },
  },
  {
    name: 'JSON without colour',
    words: `${list} --query [].{n:name} -o jsonc`,
    env: { NO_COLOR: '1' },
    code: 0,
    terminal: ['[', '  {', '    "n": "reader"', '  }', ']'],
    pipe: { stdout: ['[', '  {', '    "n": "reader"', '  }', ']'], stderr: [] },
  },
  {
    name: 'tab-separated values',
    words: `${list} --query [].[name,status] -o tsv`,
    code: 0,
    terminal: ['reader\tenabled'],
    pipe: { stdout: ['reader\tenabled'], stderr: [] },
  },
  {
    name: 'an error',
    words: 'foo',
    code: 2,
    terminal: [
      `${red}ERROR:${end} 'foo' is misspelled or not recognized by the system.`,
      "See 'acrc --help'.",
    ],
    pipe: {
      stdout: [],
      stderr: ["ERROR: 'foo' is misspelled or not recognized by the system.", "See 'acrc --help'."],
    },
  },
];

describe(
  'in a terminal and in a pipe',
  ({ test, before, after }) => {
    let home: string;
    let standIn: StandIn;
    before(async () => {
      home = await mkdtemp(join(tmpdir(), 'acrc-terminal-'));
      standIn = await startStandIn({
        [`GET ${registry}/tokens`]: [{ body: { value: [token] } }],
        [`GET ${registry.slice(0, registry.indexOf('/resourceGroups'))}${registries}`]: [
          { body: { value: [] } },
        ],
        [`POST ${registry}/importImage`]: (endpoint) => ({
          status: 202,
          headers: { location: `${endpoint}/subscriptions/${subscriptionId}/imports/1` },
        }),
        [`GET /subscriptions/${subscriptionId}/imports/1`]: [
          importing(0, 0),
          importing(12.3, 30),
          { body: {} },
        ],
      });
    });
    after(async () => {
      await standIn.close();
      await rm(home, { recursive: true, force: true });
    });
    const environment = (env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
      ...standIn.environment(home),
      NO_COLOR: '',
      TERM: 'xterm',
      ...env,
    });
    const text = (lines: readonly string[], newline: string): string =>
      lines.map((line) => line + newline).join('');

    for (const { name, words, env, code, terminal, pipe } of rows) {
      test(`${name} in a terminal`, async () => {
        const command = [process.execPath, executable, ...words.split(' ')]
          .map((word) => `'${word}'`)
          .join(' ');
        const line = `stty cols ${columns}; exec ${command}`;
        const result = await run('script', ['-qec', line, '/dev/null'], { env: environment(env) });
        assert.deepEqual(
          { code: result.code, shown: result.stdout },
          { code, shown: text(terminal, '\r\n') },
        );
      });
      test(`${name} in a pipe`, async () => {
        const result = await run(process.execPath, [executable, ...words.split(' ')], {
          env: environment(env),
        });
        assert.deepEqual(
          { code: result.code, stdout: result.stdout, stderr: result.stderr },
          { code, stdout: text(pipe.stdout, '\n'), stderr: text(pipe.stderr, '\n') },
        );
      });
    }

    const importLine = 'import -n myregistry -g acr-rg --source registry.example.com/app:1';
    test('how far a copy in the cloud is stands on a terminal while it runs', async () => {
      const line = `stty cols ${columns}; exec '${process.execPath}' '${executable}' ${importLine}`;
      const result = await run('script', ['-qec', line, '/dev/null'], { env: environment() });
      assert.equal(result.code, 0);
      assert.match(result.stdout, /Importing 'app:1' █{8}░{12} 41% 12\.3 of 30\.0 MB/);
    });
    test('and nothing of it in a pipe', async () => {
      const result = await run(process.execPath, [executable, ...importLine.split(' ')], {
        env: environment(),
      });
      assert.deepEqual([result.code, result.stdout, result.stderr], [0, '', '']);
    });
  },
  { timeoutMs: 40_000 },
);
