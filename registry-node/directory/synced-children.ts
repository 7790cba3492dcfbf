// What a node knows of the connected registries below it: their documents come with its own configuration, and which
// instance holds a name and what it last reported is kept here, so that they activate and synchronise while the top is cut.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { openDocument } from '../data-folder/document.ts';
import type { ChildReport, Children } from '../gateway/children.ts';
import { type NodeConfiguration, type NodeStatus, statusSchema } from '../gateway/protocol.ts';
import { OciError } from '../oci/errors.ts';
import type { SyncedDirectory } from './synced.ts';

export interface SyncedChildren extends Children {
  /** The last status of every node below, however deep, for the node's own report. */
  descendants(): Record<string, NodeStatus>;
  /** This node has more of the feed at the top than before: rounds that wait here may tell it. */
  appliedMoved(): void;
  /** Calls `listener` after each report of a child. @returns the call that ends it. */
  onReport(listener: () => void): () => void;
}

const childSchema = z.object({
  /** Absent: free for whoever activates first. */
  instanceId: z.string().optional(),
  deactivations: z.int().default(0),
  /** Of those that were asked for, how many it has begun. */
  resyncs: z.int().default(0),
  status: statusSchema.optional(),
  descendants: z.record(z.string(), statusSchema).default({}),
});
type Child = z.infer<typeof childSchema>;

/** Reports change every minute and are only worth so many writes. */
const reportSaveIntervalMs = 60_000;

/** @param path the document's file in the data folder */
export async function openSyncedChildren(
  path: string,
  directory: SyncedDirectory,
  clock: Clock,
): Promise<SyncedChildren> {
  const stored = await openDocument(path, z.record(z.string(), childSchema), {});
  const known = new Map(Object.entries(stored.value));
  const reportListeners = new Set<() => void>();
  const changeListeners = new Set<() => void>();
  let savedAt = -Infinity;

  const find = (name: string): NodeConfiguration['children'][number] => {
    const child = directory.configuration?.children.find(({ configuration }) => configuration.name === name);
    if (child) return child;
    throw new OciError('NAME_UNKNOWN', `there is no connected registry '${name}' directly below this one`);
  };
  /** A name that was given back by command is free, whatever is stored. */
  const current = (name: string): Child => {
    const { deactivations = 0, resyncs = 0 } = find(name);
    const child = known.get(name) ?? { deactivations, resyncs, descendants: {} };
    if (deactivations <= child.deactivations) return child;
    const { instanceId: _, ...free } = child;
    return { ...free, deactivations };
  };
  const heldBy = (name: string, instanceId: string): Child => {
    const child = current(name);
    if (child.instanceId === undefined) {
      throw new OciError('DENIED', `the connected registry '${name}' is deactivated: it must activate first`);
    }
    if (child.instanceId !== instanceId) throw new OciError('ALREADY_ACTIVATED');
    return child;
  };
  const keep = async (name: string, child: Child, durable: boolean): Promise<void> => {
    known.set(name, child);
    const now = clock.now().getTime();
    if (durable || now - savedAt >= reportSaveIntervalMs) {
      savedAt = now;
      const saving = stored.save(Object.fromEntries(known));
      // A report comes again within the minute: a full disk keeps no child from its rounds.
      await (durable ? saving : saving.catch(() => undefined));
    }
    for (const listener of reportListeners) listener();
  };
  const reported = (child: Child, { status, descendants }: ChildReport): Child => ({
    ...child,
    status: { ...status, lastActivityTime: clock.now().toISOString() },
    descendants,
  });
  const change = (): void => {
    for (const listener of changeListeners) listener();
  };

  return {
    async activate(name, instanceId, report) {
      const child = current(name);
      if (child.instanceId !== undefined && child.instanceId !== instanceId) {
        throw new OciError('ALREADY_ACTIVATED');
      }
      await keep(name, { ...reported(child, report), instanceId }, true);
    },
    report: async (name, instanceId, report) => keep(name, reported(heldBy(name, instanceId), report), false),
    async requireHolder(name, instanceId) {
      heldBy(name, instanceId);
    },
    async deactivate(name, instanceId) {
      const { instanceId: holder, ...child } = current(name);
      if (holder !== undefined && holder !== instanceId) throw new OciError('ALREADY_ACTIVATED');
      await keep(name, child, true);
      change();
    },
    async configuration(name) {
      const { configuration } = find(name);
      return { configuration, revision: revisionOf(configuration) };
    },
    // Asked for at the cloud; it came down with the configuration.
    pendingFullSync: async (name) =>
      (find(name).resyncs ?? 0) > current(name).resyncs ? 'ManualResync' : undefined,
    async fullSyncStarted(name) {
      const { resyncs = 0 } = find(name);
      const child = current(name);
      if (resyncs > child.resyncs) await keep(name, { ...child, resyncs }, true);
    },
    onChange(listener) {
      changeListeners.add(listener);
      const end = directory.onApply(listener);
      return () => {
        changeListeners.delete(listener);
        end();
      };
    },
    appliedMoved: change,
    onReport(listener) {
      reportListeners.add(listener);
      return () => reportListeners.delete(listener);
    },
    descendants() {
      const all: Record<string, NodeStatus> = {};
      for (const { configuration } of directory.configuration?.children ?? []) {
        const { status, descendants, instanceId } = current(configuration.name);
        Object.assign(all, descendants);
        if (status) all[configuration.name] = { ...status, active: instanceId !== undefined };
      }
      return all;
    },
  };
}

const revisions = new WeakMap<NodeConfiguration, string>();

/** A hash of the document, computed once for each that arrives. */
function revisionOf(configuration: NodeConfiguration): string {
  const known = revisions.get(configuration);
  if (known) return known;
  const revision = createHash('sha256').update(JSON.stringify(configuration)).digest('hex').slice(0, 32);
  revisions.set(configuration, revision);
  return revision;
}
