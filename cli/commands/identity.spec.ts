// Service principals, roles and the setting up of az, as processes against a real control plane.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { Topology } from '../../fixtures/topology.ts';

interface Made {
  appId: string;
  displayName: string;
  password: string;
  tenant: string;
}

describe(
  'commands on who may do what',
  ({ test, before, after }) => {
    let topology: Topology;
    let registry: string;
    const acrc = (line: string) => topology.acrc(line);
    const json = <T>(line: string) => topology.acrcJson<T>(line);
    const as = ({ appId, password }: Pick<Made, 'appId' | 'password'>) => ({
      ACRC_ENDPOINT: `https://localhost:${topology.ports.controlPlane}`,
      ACRC_CLIENT_ID: appId,
      ACRC_CLIENT_SECRET: password,
      ACRC_CA_FILE: join(topology.home, 'control-plane/certificates/ca.pem'),
    });

    before(async () => {
      topology = await Topology.create();
      await topology.startControlPlane();
      await acrc('group create -n acr-rg -l westeurope');
      await acrc('create -n myregistry -g acr-rg --sku premium');
      registry = (await acrc('show -n myregistry --query id -o tsv')).trim();
    });
    after(() => topology.close());

    test('docker that does not trust the registry is told of with the authority that it has to trust', async () => {
      const docker = join(topology.folder, 'untrusting-docker');
      const says = 'Error: x509: certificate signed by unknown authority';
      await writeFile(docker, `#!/bin/sh\n[ "$1" = login ] || exit 0\necho "${says}" >&2\nexit 1\n`);
      await chmod(docker, 0o755);
      const { code, stderr } = await topology.acrcRun('login -n myregistry', { DOCKER_COMMAND: docker });
      assert.equal(code, 1);
      assert.match(
        stderr,
        new RegExp(
          `^${says}\nERROR: Login failed\\.\nIt trusts .*/certificates/ca\\.pem' is copied to /etc/`,
        ),
      );
    });

    test('a service principal is made with a role, and made again with another password', async () => {
      const line = `ad sp create-for-rbac -n ci --role Reader --scopes ${registry}`;
      const made = await json<Made>(line);
      assert.deepEqual(Object.keys(made).toSorted(), ['appId', 'displayName', 'password', 'tenant']);
      assert.equal((await topology.acrcRun('show -n myregistry', as(made))).code, 0);
      const again = await json<Made>(line);
      assert.equal(again.appId, made.appId);
      assert.notEqual(again.password, made.password);
      const refused = await topology.acrcRun('show -n myregistry', as(made));
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /AADSTS7000215/);
      assert.equal(refused.stderr.includes(made.password), false);
      const denied = await topology.acrcRun('update -n myregistry --admin-enabled true', as(again));
      assert.match(denied.stderr, /^ERROR: \(AuthorizationFailed\) The client /);
    });

    test('a role needs a scope, and a scope a role', async () => {
      const { code, stderr } = await topology.acrcRun('ad sp create-for-rbac --role Reader');
      assert.equal(code, 1);
      assert.match(stderr, /Usage error: To create role assignments, specify both --role and --scopes\./);
    });

    test('service principals are listed, shown and deleted', async () => {
      const { appId } = await json<Made>('ad sp create-for-rbac -n shortlived');
      assert.match(await acrc('ad sp list --all -o table'), /^DisplayName +Id +AppId +CreatedDateTime\n/);
      assert.equal((await json<unknown[]>(`ad sp list --spn ${appId}`)).length, 1);
      const shown = await json<{ id: string; displayName: string }>(`ad sp show --id ${appId}`);
      assert.equal(shown.displayName, 'shortlived');
      assert.equal((await json<{ id: string }>(`ad sp show --id ${shown.id}`)).id, shown.id);
      await acrc(`ad sp delete --id ${appId}`);
      const gone = await topology.acrcRun(`ad sp show --id ${appId}`);
      assert.equal(gone.code, 3);
      assert.match(gone.stderr, /^ERROR: Resource '[\da-f-]+' does not exist/);
    });

    test('passwords are reset, added and deleted', async () => {
      const made = await json<Made>(`ad sp create-for-rbac -n passwords --role Reader --scopes ${registry}`);
      const reset = await json<Made>(`ad sp credential reset --id ${made.appId} --years 2`);
      assert.deepEqual(Object.keys(reset).toSorted(), ['appId', 'password', 'tenant']);
      assert.equal((await topology.acrcRun('list', as(made))).code, 1);
      assert.equal((await topology.acrcRun('list', as(reset))).code, 0);
      const added = await json<Made>(
        `ad sp credential reset --id ${made.appId} --append --display-name second --end-date 2999-12-31`,
      );
      const list = `ad sp credential list --id ${made.appId}`;
      const kept = await json<{ keyId: string; displayName: string; secretText: null }[]>(list);
      assert.deepEqual(
        kept.map(({ secretText }) => secretText),
        [null, null],
      );
      const second = kept.find(({ displayName }) => displayName === 'second')!;
      await acrc(`ad sp credential delete --id ${made.appId} --key-id ${second.keyId}`);
      assert.equal((await topology.acrcRun('list', as(added))).code, 1);
      assert.equal((await topology.acrcRun('list', as(reset))).code, 0);
    });

    test('roles are given, listed and taken away', async () => {
      const made = await json<Made>('ad sp create-for-rbac -n roles');
      const create = `role assignment create --assignee ${made.appId} --role acrpush -g acr-rg`;
      const given = await json<{ id: string; scope: string }>(create);
      assert.match(given.scope, /\/resourceGroups\/acr-rg$/);
      assert.equal((await json<{ id: string }>(create)).id, given.id, 'twice is once');
      const [listed] = await json<Record<string, unknown>[]>(
        `role assignment list --scope ${registry} --include-inherited --assignee ${made.appId}`,
      );
      assert.partialDeepStrictEqual(listed, { principalName: made.appId, roleDefinitionName: 'AcrPush' });
      assert.deepEqual(
        await json(`role assignment list --scope ${registry} --assignee ${made.appId}`),
        [],
        'given above it',
      );
      assert.match(await acrc('role assignment list --all -o table'), /^Principal +Role +Scope\n/);
      await acrc(`role assignment delete --assignee ${made.appId} --role AcrPush -g acr-rg`);
      const again = await topology.acrcRun(`role assignment delete --assignee ${made.appId} -g acr-rg`);
      assert.match(again.stderr, /No matched assignments were found to delete/);
      const roles = await json<{ roleName: string }[]>('role definition list');
      assert.ok(roles.some(({ roleName }) => roleName === 'AcrPull'));
      const unknown = await topology.acrcRun(create.replace('acrpush', 'Nobody'));
      assert.match(unknown.stderr, /^ERROR: Role 'Nobody' doesn't exist\./);
    });

    test('az-setup prints what to do, without the secret', async () => {
      const printed = await acrc('az-setup');
      const { clientSecret } = await topology.credential();
      assert.equal(printed.includes(clientSecret), false);
      assert.match(printed, /^export AZURE_CONFIG_DIR=\S+\/home\/azure$/m);
      assert.match(printed, /^export REQUESTS_CA_BUNDLE=\S+\/ca\.pem$/m);
      assert.match(
        printed,
        /^az cloud register -n acrc --cloud-config '\{.*"microsoftGraphResourceId":"https:.*\}'$/m,
      );
      assert.match(printed, /^az login --service-principal -u \S+ -p "\$ACRC_CLIENT_SECRET" --tenant \S+$/m);
    });

    test('az-setup --apply runs az with the secret in a file that is gone afterwards', async () => {
      const { folder, home } = topology;
      const bin = join(folder, 'bin');
      await mkdir(bin);
      // An az that writes down how it was called, and that knows the cloud already.
      const script = `#!/bin/sh\necho "$AZURE_CONFIG_DIR $*" >> ${folder}/calls\n[ "$2" != register ] || exit 1\n`;
      await writeFile(join(bin, 'az'), script);
      await chmod(join(bin, 'az'), 0o755);
      const run = await topology.acrcRun('az-setup --apply', { PATH: `${bin}:${process.env.PATH}` });
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stdout, /^(export \w+=\S+\n){3}$/);
      const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
      assert.deepEqual(
        calls.map((call) => call.split(' ').slice(0, 3).join(' ')),
        ['cloud register', 'cloud update', 'cloud set', 'login --service-principal'].map(
          (words) => `${home}/azure ${words}`,
        ),
      );
      assert.match(calls.at(-1)!, / -p @\S+client-secret\.\d+ /);
      assert.deepEqual(await readdir(join(home, 'azure')), []);
    });

    test('az-setup --apply says when there is no az', async () => {
      const begun = performance.now();
      const run = await topology.acrcRun('az-setup --apply', { PATH: join(topology.folder, 'nothing') });
      assert.equal(run.code, 1);
      assert.ok(performance.now() - begun < 20_000, 'at once');
      assert.match(run.stderr, /^ERROR: The Azure CLI is not installed/);
    });
  },
  { timeoutMs: 60_000 },
);
