// Asks a server that runs on this machine for something that only its owner may ask: HTTP through the socket in its data
// folder.
import { AxiosError, create } from 'axios';
import { controlSocketOf } from '../../registry-node/control/schema.ts';
import { failure } from '../errors.ts';
import { nodeHttp } from './node-http.ts';
import { at, textAt } from '../output/view.ts';
import { isAlive, type RunRecord } from '../process/run-record.ts';

/**
 * @param path e.g. `/gc?dryRun=true`
 * @param timeoutMs 0: the answer comes when the work is done, however long that takes
 * @throws CliError with what the server says against it
 */
export async function askServer(
  record: RunRecord,
  method: 'GET' | 'POST',
  path: string,
  timeoutMs = 0,
): Promise<unknown> {
  const { kind, name, dataFolder } = record;
  if (!(await isAlive(record))) {
    throw failure(`${kind} '${name}' does not run any more.`, `Start it again with 'acrc ${kind} start'.`);
  }
  const socketPath = controlSocketOf(dataFolder);
  const client = create({
    socketPath,
    timeout: timeoutMs,
    adapter: nodeHttp,
    validateStatus: () => true,
  });
  try {
    const { status, data } = await client.request<unknown>({ method, url: `http://localhost${path}` });
    if (status < 300) return data;
    throw failure(textAt(at(data, 'errors.0'), 'message') || `${kind} '${name}' answered ${status}.`);
  } catch (error) {
    if (!(error instanceof AxiosError)) throw error;
    throw failure(
      `${kind} '${name}' cannot be asked through ${socketPath}: ${error.message}.`,
      'Its log says whether it could make the socket; a data folder with a very long path cannot hold one.',
    );
  }
}
