// `acrc doctor` against a real control plane and a real node: all well, then one thing after the other wrong.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlaneCredential } from '../../control-plane/config.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { Site } from '../../fixtures/site.ts';
import { Topology } from '../../fixtures/topology.ts';

interface Finding {
  check: string;
  state: string;
  detail: string;
  remedy?: string;
}

describe(
  'acrc doctor',
  ({ test, before, after }) => {
    let topology: Topology;
    let site: Site;
    let environment: NodeJS.ProcessEnv;
    const examine = async (
      more: NodeJS.ProcessEnv = {},
    ): Promise<{ code: number | null; findings: Finding[] }> => {
      const { code, stdout } = await topology.acrcRun('doctor', { ...environment, ...more });
      return { code, findings: JSON.parse(stdout) as Finding[] };
    };
    const stateOf = (findings: readonly Finding[], check: string): string | undefined =>
      findings.find((finding) => finding.check === check)?.state;

    before(async () => {
      topology = await Topology.create();
      await topology.startControlPlane();
      site = await Site.provision({ topology, repositories: ['app'] });
      // A docker that answers, and a helper beside it that does not.
      const folder = await topology.place('bin');
      await writeFile(join(folder, 'docker'), '#!/bin/sh\necho 29.0.0\n');
      await chmod(join(folder, 'docker'), 0o755);
      await mkdir(join(topology.folder, 'docker'));
      environment = {
        DOCKER_COMMAND: join(folder, 'docker'),
        DOCKER_CONFIG: join(topology.folder, 'docker'),
      };
      await site.startNode();
    });
    after(async () => {
      await site.close();
      await topology.close();
    });

    test('finds nothing wrong where all is well', async () => {
      const { code, findings } = await examine();
      const wrong = findings.filter(({ state }) => state !== 'ok');
      assert.deepEqual([code, wrong.filter(({ check }) => !check.endsWith(' disk'))], [0, []]);
      for (const check of [
        'control plane',
        'certificate',
        'clock',
        'sign-in',
        'docker',
        'factory1',
        'myregistry/factory1',
      ]) {
        assert.equal(stateOf(findings, check), 'ok', check);
      }
    });

    test('a missing docker is a warning, and a missing keeper of its passwords a problem', async () => {
      const { DOCKER_COMMAND } = environment;
      environment.DOCKER_COMMAND = join(topology.folder, 'nosuch');
      const without = await examine();
      assert.deepEqual([without.code, stateOf(without.findings, 'docker')], [0, 'warning']);
      environment.DOCKER_COMMAND = DOCKER_COMMAND;
      await writeFile(join(topology.folder, 'docker', 'config.json'), '{"credsStore": "nosuch"}');
      const { code, findings } = await examine();
      assert.deepEqual([code, stateOf(findings, 'docker passwords')], [1, 'problem']);
      await writeFile(join(topology.folder, 'docker', 'config.json'), '{}');
    });

    test('credentials that others may read are a problem, with the command that mends it', async () => {
      const file = join(topology.home, 'credentials.json');
      await chmod(file, 0o644);
      const found = (await examine()).findings.find(({ check }) => check === 'credentials');
      assert.deepEqual([found?.state, found?.remedy], ['problem', `chmod 600 ${file}`]);
      await chmod(file, 0o600);
    });

    test('a control plane that is reached by its address is as well as by its name', async () => {
      const credentials = await readFile(join(topology.home, 'credentials.json'), 'utf8');
      const { clientId, clientSecret, certificateAuthorityFile } = JSON.parse(
        credentials,
      ) as ControlPlaneCredential;
      for (const host of ['127.0.0.1', 'localhost']) {
        const { findings } = await examine({
          ACRC_ENDPOINT: `https://${host}:${topology.ports.controlPlane}`,
          ACRC_CLIENT_ID: clientId,
          ACRC_CLIENT_SECRET: clientSecret,
          ACRC_CA_FILE: certificateAuthorityFile,
        });
        assert.equal(stateOf(findings, 'certificate'), 'ok', host);
      }
    });

    test('a node that was killed is a problem', async () => {
      await topology.powerCut('node', 'factory1');
      const { code, findings } = await examine();
      assert.deepEqual([code, stateOf(findings, 'factory1')], [1, 'problem']);
      assert.match(
        await topology.acrcRun('doctor -o table', environment).then(({ stdout }) => stdout),
        /remedy +Start it again/,
      );
    });

    test('a control plane that is gone is said, and the rest is looked at all the same', async () => {
      await topology.powerCut('control-plane');
      const { code, findings } = await examine();
      assert.equal(code, 1);
      assert.match(
        findings.find(({ check }) => check === 'control plane')?.detail ?? '',
        /^Could not reach https:/,
      );
      assert.equal(stateOf(findings, 'control-plane'), 'problem');
      assert.equal(stateOf(findings, 'docker'), 'ok');
      await topology.startControlPlane();
    });
  },
  { timeoutMs: 60_000 },
);
