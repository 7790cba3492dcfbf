// What the two scrub commands share: a node's and the control plane's.
import { askServer } from '../client/control-socket.ts';
import type { Context } from '../context.ts';
import { at } from '../output/view.ts';
import { flag } from '../parse/option.ts';
import type { RunRecord } from '../process/run-record.ts';

export const noWait = flag('--no-wait', 'Do not wait for the end; ask again to see how far it is.');

export const scrubDescription =
  'Reads everything again at 32 MiB a second and verifies its digest, while pulls and pushes go on. What is damaged is moved ' +
  'aside and not served any more; a node fetches it again from its parent. It runs by itself every week.';

const lookEveryMs = 500;

/** Begins a scrub, or joins the one that runs. @param path of the scrub at the control socket @returns how it stands */
export async function scrub(
  context: Context,
  record: RunRecord,
  path: string,
  noWait: boolean,
): Promise<unknown> {
  const finish = async (): Promise<unknown> => {
    let status = await askServer(record, 'POST', path);
    if (noWait) return status;
    while (at(status, 'state') === 'Running') {
      await context.clock.sleep(lookEveryMs);
      status = await askServer(record, 'GET', path);
    }
    return status;
  };
  return context.during('Verifying', finish());
}
