// The commands that work on the data folder of a control plane: which one, and what went wrong in words of the command line.
import { resolve } from 'node:path';
import type * as ControlPlane from '../../control-plane/index.ts';
import type { Context } from '../context.ts';
import { text } from '../parse/option.ts';
import { findControlPlane } from '../process/find.ts';
import { explainStart } from '../process/start-error.ts';

export const data = text('--data', 'Its data folder. Default: control-plane in ACRC_HOME.');

/** @param named as `--data` says; else that of the control plane that runs here */
export async function dataFolderOf(context: Context, named: string | undefined): Promise<string> {
  if (named !== undefined) return resolve(named);
  return (await findControlPlane(context))?.dataFolder ?? context.home.controlPlaneFolder;
}

/** Does `work` with the control plane's own code. @throws CliError */
export async function onDataFolder<T>(work: (controlPlane: typeof ControlPlane) => Promise<T>): Promise<T> {
  try {
    return await work(await import('../../control-plane/index.ts'));
  } catch (error) {
    throw explainStart(error);
  }
}
