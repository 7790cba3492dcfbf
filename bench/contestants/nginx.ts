// nginx with sendfile: bytes from disk to socket without a registry around them, the yardstick of a pull.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../fixtures/free-port.ts';
import type { Contestant } from './contestant.ts';
import { startServer } from '../../fixtures/clients/server-process.ts';

export interface FileServer extends Contestant {
  /** Puts a file at `/<name>`. */
  add(name: string, bytes: Uint8Array): Promise<void>;
}

export async function startNginx(folder: string): Promise<FileServer> {
  const files = join(folder, 'files');
  await mkdir(files, { recursive: true });
  const port = await freePort();
  const configuration = join(folder, 'nginx.conf');
  await writeFile(configuration, configurationText(folder, files, port));
  const server = await startServer(
    'nginx',
    ['-c', configuration, '-e', 'stderr'],
    port,
    'apt-get install nginx-light',
  );
  return {
    name: 'nginx',
    port,
    ...server,
    authorization: undefined,
    add: (name, bytes) => writeFile(join(files, name), bytes),
  };
}

function configurationText(folder: string, files: string, port: number): string {
  return `daemon off;
user root;
worker_processes auto;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000;
  client_body_temp_path ${folder}/body;
  server { listen 127.0.0.1:${port}; root ${files}; }
}
`;
}
