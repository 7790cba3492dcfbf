// In which order manifests go that the parent deleted. A tag may still be on an index here that the parent has moved it away from: what
// it moved to is set aside. With the index goes its tag, so it goes first, and no tag is ever on an index whose parts are gone.
import type { Content } from '../content/content.ts';
import { nameIn } from './name-in.ts';
import type { RemovalStep } from './plan.ts';

/** @returns the same steps, each index before what it lists; all else as it was */
export async function indexesFirst(
  removals: readonly RemovalStep[],
  content: Pick<Content, 'indexesListing'>,
): Promise<RemovalStep[]> {
  const deletions = new Map<string, RemovalStep>();
  for (const step of removals)
    if (step.kind === 'delete') deletions.set(nameIn(step.repository, step.digest), step);
  if (deletions.size < 2) return [...removals];
  const ordered = new Set<RemovalStep>();
  const add = async (step: RemovalStep): Promise<void> => {
    if (ordered.has(step)) return;
    if (step.kind === 'delete') {
      for (const index of await content.indexesListing(step.repository, step.digest)) {
        const earlier = deletions.get(nameIn(step.repository, index));
        if (earlier) await add(earlier);
      }
    }
    ordered.add(step);
  };
  for (const step of removals) await add(step);
  return [...ordered];
}
