// The door for the person who runs a server: HTTP on a Unix socket in its data folder, which only the folder's owner can
// open. Whoever can open it could read the files too, so nobody signs in here.
import { chmod, rm } from 'node:fs/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { createServer } from '../http/server.ts';
import { socketPathBytesMax } from './schema.ts';

export interface ControlOptions {
  /** Of the socket; what an earlier process left there is replaced, because the data folder's lock says it is dead. */
  path: string;
  logger: FastifyBaseLogger;
  routes: (app: FastifyInstance) => void;
}

/** @returns the call that closes it */
export async function listenForControl({
  path,
  logger,
  routes,
}: ControlOptions): Promise<() => Promise<void>> {
  if (Buffer.byteLength(path) > socketPathBytesMax) {
    logger.warn(
      { path, pathBytesMax: socketPathBytesMax },
      'the path of the control socket is too long for the system, so gc and scrub cannot be asked for; use a shorter data folder',
    );
    return async () => undefined;
  }
  await rm(path, { force: true });
  const app = createServer({ logger });
  routes(app);
  await app.listen({ path, listenTextResolver: (address) => `the control socket is open at ${address}` });
  await chmod(path, 0o600);
  return () => app.close();
}
