// A server runs with the flags that are meant for it, however it was started, and is still the process that was started.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { sources, Topology } from '../../fixtures/topology.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { serverFlags } from './server-flags.ts';

const start = ['control-plane', 'start', '--port', '0', '--registry-port-first', '0'];

describe('a server', ({ test }) => {
  test('in the foreground has the flags, keeps its process id and hears its signals', async () => {
    const home = await mkdtemp(join(tmpdir(), 'acrc-server-flags-'));
    const child = spawn(process.execPath, [sources, ...start], {
      env: { ...process.env, ACRC_HOME: home },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
    await waitFor('the control plane to listen', () => log.includes('"listening"'));
    assert.deepEqual(missing(await wordsOf(child.pid!)), []);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    await rm(home, { recursive: true });
  });
  test('in the background has them, too', async () => {
    const topology = await Topology.create();
    try {
      await topology.startControlPlane();
      assert.deepEqual(missing(await wordsOf(await topology.pid('control-plane'))), []);
    } finally {
      await topology.close();
    }
  });
});

/** The command line of a process, Node's own words included. */
async function wordsOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
}

function missing(words: readonly string[]): string[] {
  return serverFlags.filter((flag) => !words.includes(flag));
}
