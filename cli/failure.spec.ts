// How the real executable fails: what is on stderr for people and for programs, what Ctrl-C leaves said, and what happens when
// nobody reads the result.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Script, type StandIn, startStandIn, subscriptionId } from '../fixtures/arm-stand-in.ts';
import { type Run, run } from '../fixtures/command.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { exitCodes } from './errors.ts';

const executable = fileURLToPath(new URL('../bin/acrc.ts', import.meta.url));
const registry = `/subscriptions/${subscriptionId}/resourceGroups/acr-rg/providers/Microsoft.ContainerRegistry/registries/myregistry`;
const named = '-r myregistry -g acr-rg';

describe(
  'a command that fails',
  ({ test, before, after, afterEach }) => {
    let home: string;
    const used: StandIn[] = [];
    before(async () => {
      home = await mkdtemp(join(tmpdir(), 'acrc-failure-'));
    });
    after(() => rm(home, { recursive: true, force: true }));
    afterEach(async () => {
      for (const standIn of used.splice(0)) await standIn.close();
    });
    const start = async (script: Script): Promise<StandIn> => {
      const standIn = await startStandIn(script);
      used.push(standIn);
      return standIn;
    };
    const acrc = async (script: Script, line: string, env: NodeJS.ProcessEnv = {}): Promise<Run> => {
      const standIn = await start(script);
      return run(process.execPath, [executable, ...line.split(' ')], {
        env: { ...standIn.environment(home), ...env },
      });
    };

    const notFound = { code: 'ResourceNotFound', message: 'The resource reader could not be found.' };
    const asJson: [string, string, NodeJS.ProcessEnv, object][] = [
      [
        'a resource that is not there',
        `token show ${named} -n reader --error-format json`,
        {},
        {
          kind: 'missing',
          exitCode: 3,
          code: notFound.code,
          status: 404,
          message: `(${notFound.code}) ${notFound.message}\nCode: ${notFound.code}\nMessage: ${notFound.message}`,
        },
      ],
      [
        'words that do not parse',
        'token show --error-format=json',
        {},
        {
          kind: 'parser',
          exitCode: 2,
          message: 'the following arguments are required: --registry/-r, --name/-n',
          hint: "See 'acrc token show --help'.",
        },
      ],
      [
        'an unknown command, asked for by the environment',
        'foo',
        { ACRC_ERROR_FORMAT: 'json' },
        {
          kind: 'parser',
          exitCode: 2,
          message: "'foo' is misspelled or not recognized by the system.",
          hint: "See 'acrc --help'.",
        },
      ],
    ];
    for (const [name, line, env, error] of asJson) {
      test(`${name} is one JSON object on stderr and nothing on stdout`, async () => {
        const { code, stdout, stderr } = await acrc({}, line, env);
        assert.deepEqual({ code, stdout }, { code: (error as { exitCode: number }).exitCode, stdout: '' });
        assert.equal(stderr.split('\n').length, 2);
        assert.deepEqual(JSON.parse(stderr), { error, warnings: [] });
      });
    }

    test('has the warnings that came before it in the object', async () => {
      const { stderr } = await acrc({}, 'show -n myregistry.azurecr.io -g acr-rg --error-format json');
      const { error, warnings } = JSON.parse(stderr) as { error: { kind: string }; warnings: string[] };
      assert.equal(error.kind, 'missing');
      assert.match(warnings.join(), /is automatically omitted/);
    });

    test('warnings are lines as ever when nothing failed', async () => {
      const { code, stderr } = await acrc(
        { [`GET ${registry}`]: [{ body: { id: registry, name: 'myregistry' } }] },
        'show -n myregistry.azurecr.io -g acr-rg --error-format json -o none',
      );
      assert.equal(code, 0);
      assert.match(stderr, /^WARNING: .* is automatically omitted\.\n$/);
    });

    const forced: [string, NodeJS.ProcessEnv, string][] = [
      ['FORCE_COLOR', { NO_COLOR: '', FORCE_COLOR: '1' }, '\u001b[31mERROR:\u001b[39m'],
      ['FORCE_COLOR=0', { NO_COLOR: '', FORCE_COLOR: '0' }, 'ERROR:'],
      ['a pipe', { NO_COLOR: '' }, 'ERROR:'],
    ];
    for (const [name, env, label] of forced) {
      test(`is coloured as ${name} says`, async () => {
        const { stderr } = await acrc({}, 'foo', env);
        assert.equal(stderr.split(' ')[0], label);
      });
    }

    for (const line of [
      'token delete -y -n ..',
      'token show -n ..',
      'token credential delete --password1 -n ..',
    ]) {
      test(`because of a name of dots has asked for nothing: acrc ${line}`, async () => {
        const standIn = await start({ [`DELETE ${registry}/`]: [{}], [`GET ${registry}/`]: [{}] });
        const { code, stderr } = await run(process.execPath, [executable, ...`${line} ${named}`.split(' ')], {
          env: standIn.environment(home),
        });
        assert.equal(code, 1);
        assert.match(stderr, /ERROR: '\.\.' cannot be a name\.\n$/);
        assert.deepEqual(
          standIn.asked.filter(({ path }) => path.startsWith(registry)),
          [],
        );
      });
    }

    test('for want of the file of its body says so', async () => {
      const { code, stderr } = await acrc({}, 'rest -m post -u /subscriptions -b @nosuch.json');
      assert.equal(code, 1);
      assert.match(stderr, /^ERROR: The body cannot be read: ENOENT: .*'nosuch\.json'\.\n$/);
    });

    test('on the way to its text says that what it was for is done', async () => {
      const { code, stdout, stderr } = await acrc(
        { [`GET ${registry}`]: [{ body: { id: registry, name: 'myregistry' } }] },
        `show -n myregistry -g acr-rg --query abs(name)`,
      );
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.match(
        stderr,
        /^ERROR: The result does not fit --query 'abs\(name\)': .*\.\nWhat the command changes is changed; .*\n$/,
      );
    });

    const put = (path: string): [string, Script[string]] => [
      `PUT ${registry}/${path}`,
      [{ body: { id: `${registry}/${path}` } }],
    ];
    const creation: Script = Object.fromEntries([
      [`GET ${registry}`, [{ body: { id: registry, properties: { dataEndpointEnabled: true } } }]],
      [`GET ${registry}/connectedRegistries`, [{ body: { value: [] } }]],
      put('scopeMaps/factory1'),
      put('tokens/factory1'),
      [`PUT ${registry}/connectedRegistries/factory1`, [{ never: true }]],
    ]);
    const create = `connected-registry create ${named} -n factory1 --repository app --mode ReadOnly --yes --only-show-errors`;

    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      test(`by ${signal} in the middle says what was made and what may be`, async () => {
        const standIn = await start(creation);
        const child = spawn(process.execPath, [executable, ...create.split(' ')], {
          env: standIn.environment(home),
        });
        let stderr = '';
        child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
        const closed = once(child, 'close');
        await waitFor('the connected registry to be asked for', () =>
          standIn.asked.some(({ method, path }) => method === 'PUT' && path.includes('connectedRegistries')),
        );
        child.kill(signal);
        const [code, by] = (await closed) as [number | null, NodeJS.Signals | null];
        assert.deepEqual({ code, by }, { code: null, by: signal });
        assert.equal(
          stderr,
          [
            'ERROR: Interrupted.',
            'Done before that:',
            `    PUT ${registry}/scopeMaps/factory1`,
            `    PUT ${registry}/tokens/factory1`,
            'Asked for, and may still happen:',
            `    PUT ${registry}/connectedRegistries/factory1`,
            'The same command again goes on from there. To give up instead, delete what was not there before:',
            '    acrc connected-registry delete -r myregistry -n factory1 --yes',
            '    acrc token delete -r myregistry -n factory1 --yes',
            '    acrc scope-map delete -r myregistry -n factory1 --yes',
            '',
          ].join('\n'),
        );
      });
    }

    test('to write its result says so', async () => {
      const full = await open('/dev/full', 'w');
      const standIn = await start({ [`GET ${registry}`]: [{ body: { id: registry, name: 'myregistry' } }] });
      const child = spawn(process.execPath, [executable, 'show', '-n', 'myregistry', '-g', 'acr-rg'], {
        env: standIn.environment(home),
        stdio: ['ignore', full.fd, 'pipe'],
      });
      let stderr = '';
      child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      await full.close();
      assert.equal(code, 1);
      assert.match(stderr, /^ERROR: The result could not be written: ENOSPC/);
    });

    test('because its reader has seen enough is quiet', async () => {
      const many = Array.from({ length: 20_000 }, (_, at) => ({
        name: `token-${at}`,
        id: `${registry}/tokens/${at}`,
      }));
      const standIn = await start({ [`GET ${registry}/tokens`]: [{ body: { value: many } }] });
      const line = `'${process.execPath}' '${executable}' token list ${named} | head -n 1; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await run('bash', ['--norc', '-c', line], {
        env: standIn.environment(home),
      });
      assert.deepEqual({ stdout, stderr }, { stdout: '[\n0\n', stderr: '' });
    });

    test('a server error is asked again, and the last answer counts', async () => {
      const standIn = await start({
        [`GET ${registry}`]: [
          { status: 500, headers: { 'retry-after': '1' } },
          { body: { id: registry, name: 'x' } },
        ],
      });
      const { code } = await run(process.execPath, [executable, 'show', '-n', 'myregistry', '-g', 'acr-rg'], {
        env: standIn.environment(home),
      });
      assert.equal(code, 0);
      assert.equal(standIn.asked.filter(({ path }) => path === registry).length, 2);
    });
  },
  { timeoutMs: 30_000 },
);

describe('the exit codes', ({ test }) => {
  test('in docs/command-line.md are those of the program', async () => {
    const page = await readFile(new URL('../docs/command-line.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, kind, code]) => [
      kind,
      Number(code),
    ]);
    assert.deepEqual(Object.fromEntries(rows), exitCodes);
  });
});
