// What the disk under the control plane of this machine forgot. Sites tell of theirs by themselves, wherever they are.
import { askServer } from '../client/control-socket.ts';
import type { Context } from '../context.ts';
import { damageRemedies, unmendedIn } from '../options/scrub.ts';
import { findControlPlane } from '../process/find.ts';
import { type Finding, problem } from './finding.ts';

const answerMs = 5000;

export async function* contentFindings(context: Context, registry: string): AsyncGenerator<Finding> {
  const record = await findControlPlane(context);
  // Of one that runs elsewhere only its own machine knows.
  if (record === undefined || record.address !== (await context.credential()).endpoint) return;
  const status = await askServer(
    record,
    'GET',
    `/registries/${encodeURIComponent(registry)}/scrub`,
    answerMs,
  );
  for (const damage of unmendedIn(status)) yield problem(registry, damage, damageRemedies[record.kind]);
}
