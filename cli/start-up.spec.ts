// What a command loads before it needs it is time its user waits, so it is written down here: the packages and the commands
// that are loaded, whole lists, by the module loader's own account.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type StandIn, startStandIn, subscriptionId } from '../fixtures/arm-stand-in.ts';
import { run } from '../fixtures/command.ts';
import { assert, describe } from '../fixtures/describe.ts';

const executable = fileURLToPath(new URL('../bin/acrc.ts', import.meta.url));

/** Loaded first: writes down the address of every module that is loaded after it. */
const recorder = `
import { registerHooks } from 'node:module';
import { appendFileSync } from 'node:fs';
registerHooks({ load: (url, context, next) => {
  appendFileSync(process.env.ACRC_TEST_LOADED_FILE, url + '\\n');
  return next(url, context);
} });`;

const registry = `/subscriptions/${subscriptionId}/resourceGroups/acr-rg/providers/Microsoft.ContainerRegistry/registries/myregistry`;
const connectionString =
  'ConnectedRegistryName=site;SyncTokenName=sync;SyncTokenPassword=p;ParentGatewayEndpoint=localhost:1;ParentEndpointProtocol=https';

const rows: { words: string; packages: string[]; commands: string[] }[] = [
  { words: '--version', packages: [], commands: [] },
  { words: '', packages: ['commander'], commands: [] },
  { words: '--help', packages: ['commander'], commands: [] },
  { words: 'token --help', packages: ['commander'], commands: [] },
  { words: 'token list --help', packages: ['commander'], commands: ['token/list.ts'] },
  { words: 'token list', packages: ['commander'], commands: ['token/list.ts'] },
  {
    words: 'token list -r myregistry -g acr-rg',
    packages: ['axios', 'commander'],
    commands: ['token/list.ts'],
  },
  {
    words: 'token delete -r myregistry -g acr-rg -n reader',
    packages: ['commander'],
    commands: ['token/delete.ts', 'token/options.ts'],
  },
  {
    words: 'show -n myregistry -g acr-rg -o yaml',
    packages: ['axios', 'commander', 'yaml'],
    commands: ['registry/show.ts'],
  },
  {
    words: 'node start --connection-string nonsense',
    packages: ['commander'],
    commands: ['node/connection.ts', 'node/run.ts', 'node/start.ts', 'node/wait-for-activation.ts'],
  },
  {
    words: `node start --tls-cert nowhere --connection-string ${connectionString}`,
    packages: ['commander'],
    commands: ['node/connection.ts', 'node/run.ts', 'node/start.ts', 'node/wait-for-activation.ts'],
  },
  { words: 'apply', packages: ['commander'], commands: ['apply.ts'] },
  {
    words: 'apply -f nowhere',
    packages: ['commander', 'yaml', 'zod'],
    commands: ['apply.ts'],
  },
  { words: 'doctor --help', packages: ['commander'], commands: ['doctor.ts'] },
  { words: 'completion bash', packages: ['commander'], commands: ['completion.ts'] },
  { words: '__complete =tok', packages: [], commands: [] },
  { words: '__complete =--reg token list', packages: [], commands: ['token/list.ts'] },
  { words: 'node status', packages: ['commander'], commands: ['node/status.ts'] },
];

describe(
  'a command loads no more than it needs',
  ({ test, before, after }) => {
    let folder: string;
    let standIn: StandIn;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-start-up-'));
      await writeFile(join(folder, 'recorder.mjs'), recorder);
      // With defaults kept, reading them loads nothing either.
      await mkdir(join(folder, 'home'));
      const kept = { defaults: { location: 'westeurope' }, clouds: {} };
      await writeFile(join(folder, 'home', 'config.json'), JSON.stringify(kept));
      standIn = await startStandIn({
        [`GET ${registry}`]: [{ body: { id: registry, name: 'myregistry' } }],
        [`GET ${registry}/tokens`]: [{ body: { value: [] } }],
      });
    });
    after(async () => {
      await standIn.close();
      await rm(folder, { recursive: true, force: true });
    });

    const places: [string, (folder: string) => NodeJS.ProcessEnv, string | undefined][] = [
      ['its home', (home) => ({ HOME: home }), '.cache/acrc'],
      ['the place for such things', (caches) => ({ HOME: '/', XDG_CACHE_HOME: caches }), 'acrc'],
      ['nowhere when its home does not exist', (home) => ({ HOME: join(home, 'nosuch') }), undefined],
    ];
    for (const [name, environment, kept] of places) {
      test(`what was compiled is kept for a user in ${name}, and not where others write`, async () => {
        const own = await mkdtemp(join(folder, 'user-'));
        const shared = await mkdtemp(join(folder, 'tmp-'));
        const { PATH } = process.env;
        const env = { PATH, TMPDIR: shared, ...environment(own) };
        const { code, stderr } = await run(process.execPath, [executable, '--version'], { env });
        assert.equal(code, 0, stderr);
        assert.deepEqual(await readdir(shared), []);
        if (kept === undefined) assert.deepEqual(await readdir(own), []);
        else assert.notEqual((await readdir(join(own, kept))).length, 0);
      });
    }

    for (const { words, packages, commands } of rows) {
      test(`acrc ${words}`, async () => {
        const file = join(folder, 'loaded');
        await writeFile(file, '');
        await run(
          process.execPath,
          [
            '--import',
            pathToFileURL(join(folder, 'recorder.mjs')).href,
            executable,
            ...words.split(' '),
          ].filter((word) => word !== ''),
          { env: { ...standIn.environment(join(folder, 'home')), ACRC_TEST_LOADED_FILE: file } },
        );
        const loaded = (await readFile(file, 'utf8')).split('\n');
        assert.deepEqual(
          {
            packages: distinct(loaded, /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//).filter(ofOurs),
            commands: distinct(loaded, /\/cli\/commands\/(.*)$/),
          },
          { packages, commands },
        );
      });
    }
  },
  { timeoutMs: 30_000 },
);

function distinct(urls: readonly string[], pattern: RegExp): string[] {
  return [...new Set(urls.flatMap((url) => pattern.exec(url)?.slice(1, 2) ?? []))].sort();
}

/** What axios itself needs is axios's. */
const declared = new Set(
  Object.keys(
    (
      JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
        dependencies: object;
      }
    ).dependencies,
  ),
);
function ofOurs(name: string): boolean {
  return declared.has(name);
}
