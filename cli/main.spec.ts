// The real executable as a child process, against a stand-in: exit codes, what is on stdout and what on stderr, and what
// the control plane is asked. What a command says is part of its contract.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type Run } from '../fixtures/command.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { type Script, type StandIn, startStandIn, subscriptionId } from '../fixtures/arm-stand-in.ts';

const executable = fileURLToPath(new URL('../bin/acrc.ts', import.meta.url));
const group = `/subscriptions/${subscriptionId}/resourceGroups/acr-rg`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/myregistry`;
const lookup = `GET /subscriptions/${subscriptionId}/resources?$filter=resourceType eq 'Microsoft.ContainerRegistry/registries'`;

const token = {
  type: 'Microsoft.ContainerRegistry/registries/tokens',
  id: `${registry}/tokens/reader`,
  name: 'reader',
  properties: {
    creationDate: '2024-01-19T07:04:42.4439405+00:00',
    provisioningState: 'Succeeded',
    scopeMapId: `${registry}/scopeMaps/site-scope`,
    credentials: { passwords: [{ creationTime: '2024-01-19T07:04:42Z', name: 'password1' }] },
    status: 'enabled',
  },
};

let home: string;
const used: StandIn[] = [];

const split = (line: string): string[] => line.split(' ').filter((word) => word !== '');

async function acrc(script: Script, line: string): Promise<Run & { standIn: StandIn }> {
  const standIn = await startStandIn(script);
  used.push(standIn);
  const result = await run(process.execPath, [executable, ...split(line)], {
    env: standIn.environment(home),
  });
  return { ...result, standIn };
}

const withGroup = (script: Script): Script => ({
  [lookup]: [{ body: { value: [{ id: registry, name: 'myRegistry' }] } }],
  ...script,
});

describe(
  'acrc',
  ({ test, before, after, afterEach }) => {
    before(async () => {
      home = await mkdtemp(join(tmpdir(), 'acrc-main-'));
    });
    after(() => rm(home, { recursive: true, force: true }));
    afterEach(async () => {
      for (const standIn of used.splice(0)) await standIn.close();
    });

    test('without words it prints help', async () => {
      const { code, stdout, stderr } = await acrc({}, '');
      assert.equal(code, 0);
      assert.match(stdout, /^Usage: acrc <command>/);
      assert.equal(stderr, '');
    });

    const refused: [string, string, number, string][] = [
      [
        'an unknown command',
        'foo',
        2,
        "ERROR: 'foo' is misspelled or not recognized by the system.\nSee 'acrc --help'.\n",
      ],
      [
        'missing options',
        'token show',
        2,
        "ERROR: the following arguments are required: --registry/-r, --name/-n\nSee 'acrc token show --help'.\n",
      ],
      [
        'a bad choice',
        'list -o xml',
        2,
        "ERROR: acrc list: 'xml' is not a valid value for '--output'. Allowed values: json, jsonc, none, table, tsv, yaml, yamlc.\nDid you mean 'yaml'?\n",
      ],
      [
        'a confirmation without a terminal',
        'token delete -r myregistry -n reader',
        1,
        'ERROR: Unable to prompt for confirmation as no tty available. Use --yes.\n',
      ],
      [
        'a registry name that cannot be one',
        'show -n my',
        1,
        'ERROR: Registry names may contain only alpha numeric characters and must be between 5 and 50 characters\n',
      ],
      [
        'a rule without an action',
        'scope-map create -r myregistry -n x --repository repo',
        1,
        `ERROR: At least one action must be specified with "repo".\nValid actions are {'content/read', 'content/write', 'content/delete', 'metadata/read', 'metadata/write'}.\n`,
      ],
    ];
    for (const [name, words, code, stderr] of refused) {
      test(`${name} exits ${code} and asks nobody anything`, async () => {
        const result = await acrc({}, words);
        assert.deepEqual(
          { code: result.code, stdout: result.stdout, stderr: result.stderr },
          { code, stdout: '', stderr },
        );
        assert.equal(result.standIn.asked.length, 0);
      });
    }

    test('a resource is printed flat, with nulls, in the order of its keys', async () => {
      const { code, stdout, stderr } = await acrc(
        withGroup({ [`GET ${registry}/tokens/reader`]: [{ body: token }] }),
        'token show -r myregistry -n reader',
      );
      assert.equal(stderr, '');
      assert.equal(code, 0);
      assert.equal(
        Object.keys(JSON.parse(stdout)).join(' '),
        'creationDate credentials id name provisioningState resourceGroup scopeMapId status systemData type',
      );
      assert.match(stdout, /"certificates": null/);
    });

    test('a table has the columns of az', async () => {
      const { stdout } = await acrc(
        withGroup({ [`GET ${registry}/tokens`]: [{ body: { value: [token] } }] }),
        'token list -r myregistry -o table',
      );
      assert.equal(
        stdout,
        [
          'NAME    SCOPE MAP    PASSWORD1 EXPIRY    PASSWORD2 EXPIRY    STATUS    PROVISIONING STATE    CREATION DATE',
          '------  -----------  ------------------  ------------------  --------  --------------------  --------------------',
          'reader  site-scope   Never                                   Enabled   Succeeded             2024-01-19T07:04:42Z',
          '',
        ].join('\n'),
      );
    });

    test('a missing child exits 3 and says so as az does', async () => {
      const { code, stdout, stderr } = await acrc(withGroup({}), 'token show -r myregistry -n nosuch');
      const message = 'The resource nosuch could not be found.';
      assert.deepEqual(
        { code, stdout, stderr },
        {
          code: 3,
          stdout: '',
          stderr: `ERROR: (ResourceNotFound) ${message}\nCode: ResourceNotFound\nMessage: ${message}\n`,
        },
      );
    });

    test('a registry that the lookup does not find exits 1', async () => {
      const { code, stderr } = await acrc(
        {
          [lookup]: [{ body: { value: [] } }],
          'GET /subscriptions': [{ body: { value: [{ subscriptionId, displayName: 'Site' }] } }],
        },
        'show -n nosuch',
      );
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^ERROR: The resource with name 'nosuch' and type 'Microsoft.ContainerRegistry\/registries' could not be found in subscription 'Site \(1{8}-/,
      );
    });

    test('an operation is followed until it has succeeded, and the resource is read again', async () => {
      const operation = `${registry}/operationStatuses/token-1`;
      const now = { 'retry-after': '0' };
      const { code, stdout, standIn } = await acrc(
        {
          [`PATCH ${registry}/tokens/reader`]: (endpoint) => ({
            status: 201,
            headers: { 'azure-asyncoperation': endpoint + operation },
            body: token,
          }),
          [`GET ${operation}`]: [
            { headers: now, body: { status: 'Updating' } },
            { headers: now, body: { status: 'Updating' } },
            { body: { status: 'Succeeded' } },
          ],
          [`GET ${registry}/tokens/reader`]: [{ body: token }],
        },
        'token update -r myregistry -g acr-rg -n reader --status Disabled --query name -o tsv',
      );
      assert.deepEqual({ code, stdout }, { code: 0, stdout: 'reader\n' });
      const patch = standIn.asked.find(({ method }) => method === 'PATCH');
      assert.deepEqual(JSON.parse(patch!.body), { properties: { status: 'disabled' } });
      assert.equal(standIn.asked.filter(({ path }) => path === operation).length, 3);
    });

    test('an operation that fails exits 1 with its reason', async () => {
      const location = `/subscriptions/${subscriptionId}/operationResults/import-1`;
      const { code, stderr } = await acrc(
        {
          [`POST ${registry}/importImage`]: (endpoint) => ({
            status: 202,
            headers: { location: endpoint + location },
          }),
          [`GET ${location}`]: [
            { status: 202, headers: { 'retry-after': '0' }, body: { status: 'Accepted' } },
            { status: 409, body: { error: { code: 'Conflict', message: 'Tag exists.' } } },
          ],
          [`GET /subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/registries`]: [
            { body: { value: [] } },
          ],
        },
        'import -n myregistry -g acr-rg --source registry.example.com/a:b',
      );
      assert.deepEqual(
        { code, stderr },
        { code: 1, stderr: 'ERROR: (Conflict) Tag exists.\nCode: Conflict\nMessage: Tag exists.\n' },
      );
    });

    test('lists are read to their last page', async () => {
      const { stdout } = await acrc(
        withGroup({
          [`GET ${registry}/tokens`]: (endpoint) => ({
            body: { value: [token], nextLink: `${endpoint}/more` },
          }),
          'GET /more': [{ body: { value: [{ ...token, name: 'writer' }] } }],
        }),
        'token list -r myregistry --query [].name -o tsv',
      );
      assert.equal(stdout, 'reader\nwriter\n');
    });

    test('a busy control plane is asked again', async () => {
      const { code, standIn } = await acrc(
        {
          [`GET ${registry}`]: [
            { status: 429, headers: { 'retry-after': '1' } },
            { body: { id: registry, name: 'myregistry' } },
          ],
        },
        'show -n myregistry -g acr-rg',
      );
      assert.equal(code, 0);
      assert.equal(standIn.asked.filter(({ path }) => path === registry).length, 2);
    });

    test('a kept token saves a request, is readable by its owner only, and is replaced when refused', async () => {
      const script: Script = {
        [`GET ${registry}`]: [{ status: 401 }, { body: { id: registry, name: 'myregistry' } }],
      };
      const { code, standIn } = await acrc(script, 'show -n myregistry -g acr-rg');
      assert.equal(code, 0);
      const signIns = () => standIn.asked.filter(({ method }) => method === 'POST').length;
      assert.equal(signIns(), 2);
      await run(process.execPath, [executable, 'show', '-n', 'myregistry', '-g', 'acr-rg'], {
        env: standIn.environment(home),
      });
      assert.equal(signIns(), 2);
      const file = join(home, 'tokens.json');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.doesNotMatch(await readFile(file, 'utf8'), /s3cret/);
    });

    test('--debug shows requests and no secret', async () => {
      const { stderr } = await acrc(
        {
          [`POST ${registry}/generateCredentials`]: [
            { body: { username: 'reader', passwords: [{ name: 'password1', value: 'pa55word' }] } },
          ],
        },
        'token credential generate -r myregistry -g acr-rg -n reader --password1 --debug',
      );
      assert.match(stderr, /DEBUG: --> POST .*generateCredentials/);
      assert.match(stderr, /grant_type=client_credentials&client_id=me&client_secret=\*\*\*/);
      assert.doesNotMatch(stderr, /s3cret|pa55word|token-1/);
    });

    test('an endpoint where nobody listens is said in one line with the way out', async () => {
      const standIn = await startStandIn({});
      await standIn.close();
      const { code, stderr } = await run(process.execPath, [executable, 'list'], {
        env: standIn.environment(home),
      });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^ERROR: Could not reach http:\/\/127\.0\.0\.1:\d+: nobody listens there\.\nACRC_ENDPOINT names it\./,
      );
    });

    test('without a control plane the command that starts one is named', async () => {
      const { code, stderr } = await run(process.execPath, [executable, 'list'], {
        env: { PATH: process.env.PATH, ACRC_HOME: join(home, 'empty') },
      });
      assert.equal(code, 1);
      assert.match(stderr, /^ERROR: You are not signed in: .*\n.*'acrc control-plane start --detach'/);
    });

    test('defaults are kept and used', async () => {
      const standIn = await startStandIn({
        [`GET ${registry}`]: [{ body: { id: registry, name: 'myregistry' } }],
      });
      used.push(standIn);
      const env = standIn.environment(join(home, 'with-defaults'));
      const configured = await run(
        process.execPath,
        [executable, 'configure', '--defaults', 'acr=myregistry', 'group=acr-rg'],
        { env },
      );
      assert.deepEqual({ code: configured.code, stderr: configured.stderr }, { code: 0, stderr: '' });
      const shown = await run(process.execPath, [executable, 'show', '--query', 'name', '-o', 'tsv'], {
        env,
      });
      assert.equal(shown.stdout, 'myregistry\n');
    });
  },
  { timeoutMs: 40_000 },
);
