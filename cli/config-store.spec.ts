// The configuration as real processes write it: at once, and with what a user may have done to the file.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type StandIn, startStandIn, subscriptionId } from '../fixtures/arm-stand-in.ts';
import { run } from '../fixtures/command.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { keepCloud, readClouds, removeCloud, useCloud } from './clouds.ts';
import { changeSettings, readSettings } from './config-store.ts';
import { homeOf } from './home.ts';

const executable = fileURLToPath(new URL('../bin/acrc.ts', import.meta.url));
const store = new URL('./config-store.ts', import.meta.url).href;
const writersMax = 4;
const writesMax = 10;

/** Adds clouds one after the other, as one of several processes. */
const writer = `
import { changeSettings } from ${JSON.stringify(store)};
const [configFile, folder, name] = process.argv.slice(1);
for (let at = 0; at < ${writesMax}; at++) {
  await changeSettings({ configFile, folder }, (settings) => ({
    ...settings,
    clouds: { ...settings.clouds, [name + at]: { endpoint: 'https://a', clientId: 'b', clientSecret: 'c' } },
  }));
}`;

describe(
  'the configuration',
  ({ test, before, after }) => {
    let folder: string;
    let standIn: StandIn;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-config-'));
      const list = `GET /subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/registries`;
      standIn = await startStandIn({ [list]: [{ body: { value: [{ name: 'there', id: '/x' }] } }] });
    });
    after(async () => {
      await standIn.close();
      await rm(folder, { recursive: true, force: true });
    });
    const home = (name: string): ReturnType<typeof homeOf> => homeOf({ ACRC_HOME: join(folder, name) });
    const acrc = (words: string[], env: NodeJS.ProcessEnv): ReturnType<typeof run> =>
      run(process.execPath, [executable, ...words], {
        env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
      });

    test(`loses nothing when ${writersMax} processes write at once`, async () => {
      const { configFile, folder: own } = home('parallel');
      const runs = Array.from({ length: writersMax }, (_, at) =>
        run(process.execPath, ['--input-type=module-typescript', '-e', writer, configFile, own, `w${at}-`]),
      );
      for (const { code, stderr } of await Promise.all(runs)) assert.equal(code, 0, stderr);
      const { clouds } = await readSettings(home('parallel'));
      assert.equal(Object.keys(clouds).length, writersMax * writesMax);
    });

    test('is readable by its owner only', async () => {
      await changeSettings(home('mode'), (settings) => ({ ...settings, defaults: { acr: 'a' } }));
      assert.equal((await stat(home('mode').configFile)).mode & 0o777, 0o600);
      assert.equal((await stat(home('mode').folder)).mode & 0o777, 0o700);
    });

    const damaged: [string, string, RegExp][] = [
      ['is no JSON', '{', /cannot be used: .*\nMend it with an editor, or delete it/],
      ['holds what it must not', '{"defaults":{"acr":5}}', /cannot be used: .*acr.*string/],
    ];
    for (const [name, content, stderr] of damaged) {
      test(`that ${name} is named and left as it is`, async () => {
        const { folder: own, configFile } = home(`damaged-${name.length}`);
        await changeSettings(home(`damaged-${name.length}`), (settings) => settings);
        await writeFile(configFile, content);
        const result = await acrc(['show'], { ACRC_HOME: own });
        assert.deepEqual({ code: result.code, stdout: result.stdout }, { code: 1, stdout: '' });
        assert.match(result.stderr, stderr);
        assert.equal(await readFile(configFile, 'utf8'), content);
      });
    }

    const cloud = (endpoint: string): Parameters<typeof keepCloud>[2] => ({
      endpoint,
      clientId: 'me',
      clientSecret: 's3cret',
      subscriptionId,
    });

    test('names the control plane that commands talk to; ACRC_CLOUD names another for one command', async () => {
      const several = home('clouds');
      await keepCloud(several, 'north', cloud(standIn.endpoint));
      await keepCloud(several, 'gone', cloud('http://127.0.0.1:1'));
      await useCloud(several, 'gone');
      const words = ['list', '--query', '[].name', '-o', 'tsv'];
      const gone = await acrc(words, { ACRC_HOME: several.folder });
      assert.equal(gone.code, 1);
      assert.match(
        gone.stderr,
        /Could not reach http:\/\/127\.0\.0\.1:1: nobody listens there\.\nIt is the cloud 'gone'\. 'acrc cloud set --name local'/,
      );
      const north = await acrc(words, { ACRC_HOME: several.folder, ACRC_CLOUD: 'north' });
      assert.deepEqual(
        { code: north.code, stdout: north.stdout, stderr: north.stderr },
        { code: 0, stdout: 'there\n', stderr: '' },
      );
      const whole = await acrc(words, standIn.environment(several.folder));
      assert.equal(whole.stdout, 'there\n');
    });

    test('goes back to this machine when the chosen control plane is removed', async () => {
      const several = home('removed');
      await keepCloud(several, 'north', cloud('http://127.0.0.1:1'));
      await useCloud(several, 'north');
      assert.equal((await readClouds(several, {})).current, 'north');
      await removeCloud(several, 'north');
      assert.deepEqual(await readClouds(several, {}), { clouds: {}, current: 'local' });
    });

    test('refuses names that nobody gave, with those there are', async () => {
      await assert.rejects(useCloud(home('unknown'), 'x'), {
        message: "The cloud 'x' is not registered.",
        hint: "There are local; 'acrc cloud set --name' chooses one.",
      });
      // What every object has is no name that somebody gave.
      await assert.rejects(removeCloud(home('unknown'), 'toString'), /'toString' is not registered/);
      await assert.rejects(useCloud(home('unknown'), 'toString'), /'toString' is not registered/);
      await assert.rejects(keepCloud(home('unknown'), 'local', cloud('http://a')), /of this machine/);
    });
  },
  { timeoutMs: 90_000 },
);
