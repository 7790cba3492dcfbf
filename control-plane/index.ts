// The cloud: ARM, sign-in and the cloud registries.
import type { Logger } from 'pino';
import type { ControlPlaneConfig } from './config.ts';

export interface RunningControlPlane {
  /** e.g. `https://localhost:4430` */
  readonly endpoint: string;
  close(): Promise<void>;
}
export type StartControlPlane = (
  config: ControlPlaneConfig,
  environment: { logger: Logger },
) => Promise<RunningControlPlane>;
