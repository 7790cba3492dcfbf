// A registry node: composes content, directory, auth, API, gateway and sync engine, and runs them.
import type { NodeConfig } from './config.ts';
import type { Logger } from 'pino';

export interface RunningNode {
  readonly port: number;
  /** What clients put in front of a repository, e.g. `localhost:8080`. */
  readonly loginServer: string;
  /** Stops gracefully: the current chunk is finished and the state saved. */
  close(): Promise<void>;
  /** Settles when the node stopped: with the reason when it gave up by itself. */
  readonly stopped: Promise<Error | undefined>;
}
export type StartNode = (config: NodeConfig, environment: { logger: Logger }) => Promise<RunningNode>;
