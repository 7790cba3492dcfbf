// Whether there is a docker that works.
import { runDocker } from '../../../docker.ts';
import type { Finding } from './finding.ts';

const versionFormat =
  'Docker version {{.Server.Version}}, build {{.Server.GitCommit}}, platform {{.Server.Os}}/{{.Server.Arch}}';

/** @param image to pull; absent: none */
export async function* checkDocker(
  env: NodeJS.ProcessEnv,
  image: string | undefined,
): AsyncGenerator<Finding> {
  const listed = await runDocker(env, ['ps']);
  if (listed.code === null) {
    yield {
      title: 'DOCKER_COMMAND_ERROR',
      text: `Please verify if Docker client is installed and running.\n${listed.output.trim()}`,
      remedy: 'DOCKER_COMMAND names another client, e.g. podman.',
    };
    return;
  }
  if (listed.code !== 0) {
    yield {
      title: 'DOCKER_DAEMON_ERROR',
      text: `Please verify if Docker daemon is running, or try restarting it.\n${listed.output.trim()}`,
    };
    return;
  }
  yield { told: 'Docker daemon status: available' };
  const { code, output } = await runDocker(env, ['version', '--format', versionFormat]);
  if (code === 0) yield { told: `Docker version: ${output.trim()}` };
  else yield { title: 'DOCKER_VERSION_ERROR', text: output.trim() };
  if (image === undefined) return;
  const pulled = await runDocker(env, ['pull', image], { bounded: false });
  if (pulled.code === 0) yield { passed: `Docker pull of '${image}'` };
  else yield { title: 'DOCKER_PULL_ERROR', text: pulled.output.trim() };
}
