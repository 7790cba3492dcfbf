// What the two scrub commands share: a node's and the control plane's.
import { z } from 'zod';
import { askServer } from '../client/control-socket.ts';
import type { Context } from '../context.ts';
import { at } from '../output/view.ts';
import { flag } from '../parse/option.ts';
import type { Kind, RunRecord } from '../process/run-record.ts';

export const noWait = flag('--no-wait', 'Do not wait for the end; ask again to see how far it is.');

export const scrubDescription =
  'Reads everything again at 32 MiB a second and verifies its digest, while pulls and pushes go on. What is damaged is moved ' +
  'aside and not served any more; a node fetches it again from its parent. What nothing has mended yet is named. It runs by ' +
  'itself every week.';

const lookEveryMs = 500;
/** Named in words, one line each. */
const namedMax = 5;

const statusSchema = z.object({
  // A server that was started by an earlier version does not say it.
  unmended: z
    .array(z.object({ kind: z.string(), digest: z.string(), repositories: z.array(z.string()) }))
    .default([]),
});

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
  const status = await context.during('Verifying', finish());
  for (const damage of unmendedIn(status)) context.warn(`${damage} ${damageRemedies[record.kind]}`);
  return status;
}

/** What is damaged and not well again, a sentence each; above a few they are counted. */
export function unmendedIn(status: unknown): string[] {
  const { unmended } = statusSchema.parse(status);
  const named = unmended.slice(0, namedMax).map(({ kind, digest, repositories }) => {
    const where = repositories.slice(0, namedMax).join(', ');
    return `The ${kind} ${digest} of ${where} is damaged and not served.`;
  });
  const more = unmended.length - named.length;
  return more > 0 ? [...named, `${more} more are damaged: with -o json, 'unmended' names them.`] : named;
}

export const damageRemedies: Readonly<Record<Kind, string>> = {
  'control-plane': 'Push it again to mend it; look at the disk, which forgot what it was given.',
  node: 'It is fetched from the parent again when there is a link; look at the disk, which forgot what it was given.',
};
