// ACRC_HOME as users have it: missing, in a place where nothing can be made, a file by mistake, on a disk that is read-only.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
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

    for (const content of ['', 'null', '[1]', '{"a":null}', '{"a":{"expiresAt":1}}', '{']) {
      test(`costs one request when its tokens are damaged: ${content}`, async () => {
        const home = await mkdtemp(join(folder, 'tokens-'));
        await writeFile(join(home, 'tokens.json'), content);
        const { code, stderr } = await acrc('list -o none', standIn.environment(home));
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
        const kept: object = JSON.parse(await readFile(join(home, 'tokens.json'), 'utf8'));
        assert.equal(Object.keys(kept).length, 1);
      });
    }

    const whole = {
      endpoint: 'https://localhost:1',
      tenantId: 't',
      subscriptionId: 's',
      clientId: 'c',
      clientSecret: 'secret',
      certificateAuthorityFile: '/ca.pem',
    };
    const damaged: [string, string, string][] = [
      ['is no JSON', '{', 'it is not JSON'],
      ['lacks a secret', JSON.stringify({ ...whole, clientSecret: undefined }), 'it has no clientSecret'],
      ['names no address', JSON.stringify({ ...whole, endpoint: 'here' }), 'its endpoint is no URL'],
    ];
    for (const [name, content, reason] of damaged) {
      test(`whose credential ${name} is named with what writes it again`, async () => {
        const home = await mkdtemp(join(folder, 'credential-'));
        await writeFile(join(home, 'credentials.json'), content);
        const { code, stderr } = await acrc('list', { ACRC_HOME: home });
        assert.equal(code, 1);
        assert.ok(
          stderr.includes(`credentials.json is damaged: ${reason}.\n'acrc control-plane start'`),
          stderr,
        );
      });
    }

    test('is not the folder of the command when HOME is set and empty', async () => {
      const script = `import { homeOf } from ${JSON.stringify(new URL('./home.ts', import.meta.url).href)};
        process.stdout.write(homeOf({}).folder);`;
      const { stdout, stderr } = await run(
        process.execPath,
        ['--input-type=module-typescript', '-e', script],
        {
          env: { PATH: process.env.PATH, HOME: '' },
          cwd: folder,
        },
      );
      assert.equal(stdout, join(userInfo().homedir, '.acrc'), stderr);
    });

    for (const name of ['../site', '..', '.', '', 'a/b', String.raw`a\b`]) {
      test(`holds the folders of its nodes: none is called '${name}'`, async () => {
        const home = join(folder, 'nodes-of');
        const connection = `ConnectedRegistryName=site;SyncTokenName=s;SyncTokenPassword=p;ParentGatewayEndpoint=localhost:1;ParentEndpointProtocol=https`;
        const { code, stderr } = await acrc(
          `node start --detach --port 0 --connection-string ${connection} --name ${name}`,
          { ACRC_HOME: home },
        );
        assert.equal(code, 1);
        assert.ok(stderr.startsWith(`ERROR: '${name}' cannot be the name of a node: `), stderr);
        assert.equal(existsSync(home), false);
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
