// The whole hierarchy at a glance: who is below whom, how it is, and how much is still to come.
import { type Hierarchy, readHierarchy } from '../../client/hierarchy.ts';
import { readSyncPlan, type SyncPlan } from '../../client/on-site.ts';
import type { ConnectedRegistry, StatusDetail } from '../../client/resources.ts';
import { command } from '../../command.ts';
import { failure } from '../../errors.ts';
import { registryOfChild } from '../../options/registry.ts';
import { text } from '../../parse/option.ts';
import { treeView } from '../../views/on-site.ts';

/** Asked for at once. */
const plansMax = 8;

interface Branch {
  name: string;
  mode: string;
  connectionState: string | undefined;
  lastSyncTime: string | null;
  known: boolean;
  bytesLeft: number;
  outstandingBytes: number | null;
  /** What is wrong, why, and what to do. */
  troubles: StatusDetail[];
  children: Branch[];
}

export default command({
  description:
    'BYTES LEFT is what each of them has still to copy; unknown before its first full sync is complete.',
  options: {
    ...registryOfChild,
    parent: text('--parent -p', 'Only this connected registry and what is below it.'),
  },
  examples: [
    { purpose: 'See all sites at a glance.', line: 'acrc connected-registry tree -r myregistry -o table' },
    {
      purpose: 'See one site with all that is below it.',
      line: 'acrc connected-registry tree -r myregistry -p factory1 -o table',
    },
  ],
  view: treeView,
  async run({ parent, ...options }, context) {
    const registry = await context.registry(options);
    const arm = await context.arm();
    const tree = await readHierarchy(arm, registry.child('connectedRegistries'));
    const roots = rootsOf(tree, parent);
    const shown = roots.flatMap((root) => [root, ...tree.descendants(root)]);
    const plans = new Map<string, SyncPlan>();
    const queue = shown.values();
    const worker = async (): Promise<void> => {
      for (const { name } of queue) plans.set(name, await readSyncPlan(arm, registry, name));
    };
    await Promise.all(Array.from({ length: plansMax }, worker));
    return roots.map((root) => branchOf(tree, plans, root));
  },
});

function rootsOf(tree: Hierarchy, parent: string | undefined): ConnectedRegistry[] {
  if (parent === undefined) return tree.all.filter((one) => !tree.parentOf(one));
  const found = tree.find(parent);
  if (!found) throw failure(`Parent connected registry '${parent}' doesn't exist.`);
  return [found];
}

function branchOf(tree: Hierarchy, plans: ReadonlyMap<string, SyncPlan>, one: ConnectedRegistry): Branch {
  const plan = plans.get(one.name);
  return {
    name: one.name,
    mode: one.properties.mode,
    connectionState: one.properties.connectionState,
    lastSyncTime: plan?.node?.lastSyncTime ?? null,
    known: plan?.known ?? false,
    bytesLeft: plan?.bytesLeft ?? 0,
    outstandingBytes: plan?.node?.outstandingBytes ?? null,
    troubles: one.properties.statusDetails ?? [],
    children: tree.children(one).map((child) => branchOf(tree, plans, child)),
  };
}
