// `skopeo sync` of Debian into Debian's docker-registry: how sites keep a copy without acrc. Into a registry, since that is
// what a site's clients pull from, and since docker-registry syncs each file to the disk before it answers, as a node does.
import { join } from 'node:path';
import { succeed } from '../../fixtures/command.ts';
import type { ClientToken } from '../../fixtures/provision.ts';
import { startDockerRegistry } from '../contestants/docker-registry.ts';

export interface SkopeoSite {
  /** @returns what it took, in ms */
  sync(): Promise<number>;
  close(): Promise<void>;
}

/** @param folder of an empty registry of its own */
export async function openSkopeoSite(
  folder: string,
  source: { loginServer: string; repository: string; token: ClientToken },
): Promise<SkopeoSite> {
  const { loginServer, repository, token } = source;
  const namespace = 'site';
  // What skopeo makes of the source's last name below the target's.
  const stored = `${namespace}/${repository.split('/').at(-1)}`;
  const target = await startDockerRegistry(join(folder, 'docker-registry'), stored);
  const route =
    '--src docker --dest docker --preserve-digests --src-tls-verify=false --dest-tls-verify=false';
  const words = ['--insecure-policy', 'sync', ...route.split(' ')];
  words.push('--src-creds', `${token.name}:${token.password}`);
  words.push('--dest-registry-token', target.authorization!.replace('Bearer ', ''));
  words.push(`${loginServer}/${repository}`, `localhost:${target.port}/${namespace}`);
  return {
    sync: async () => {
      const startedMs = performance.now();
      await succeed('skopeo', words);
      return performance.now() - startedMs;
    },
    close: () => target.close(),
  };
}
