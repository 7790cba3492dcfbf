// What the gateway of a cloud registry knows of the connected registries below it: their configuration from ARM
// resources, their activation and reports from the store.
import type { Clock } from '../../registry-node/clock.ts';
import type { ChildReport, Children } from '../../registry-node/gateway/children.ts';
import type { NodeConfiguration, NodeStatus, SyncTrigger } from '../../registry-node/gateway/protocol.ts';
import { OciError } from '../../registry-node/oci/errors.ts';
import { childId, keyOf, type ResourceKey } from '../arm/resource-id.ts';
import { connectedRegistryKind } from '../resources/connected-registries/schema.ts';
import type { Reports, Told } from '../store/reports.ts';
import type { Resources } from '../store/resources.ts';
import { buildConfigurations, revisionOf } from './configuration.ts';

export interface CloudChildren extends Children {
  /** Frees the name, whichever instance holds it. */
  release(name: string): Promise<void>;
  requestFullSync(name: string, trigger: SyncTrigger): Promise<void>;
  close(): void;
}

interface Known {
  configuration: NodeConfiguration;
  revision: string;
}

export function createCloudChildren({
  registryKey,
  resources,
  reports,
  clock,
}: {
  registryKey: ResourceKey;
  resources: Resources;
  reports: Reports;
  clock: Clock;
}): CloudChildren {
  const listeners = new Set<() => void>();
  const notify = (): void => listeners.forEach((listener) => listener());
  /** Built once per change of the registry's resources, whatever number of children asks. */
  let known: Promise<Map<string, Known>> | undefined;
  const stopListening = resources.onChange((keys) => {
    if (![...keys].some((key) => key.startsWith(`${registryKey}/`))) return;
    known = undefined;
    notify();
  });

  const keyNamed = (name: string): ResourceKey =>
    keyOf(childId(registryKey, connectedRegistryKind.type, name));
  const configuration = async (name: string): Promise<Known> => {
    known ??= readKnown(resources, registryKey);
    const building = known;
    building.catch(() => {
      if (known === building) known = undefined;
    });
    const found = (await building).get(name.toLowerCase());
    if (found) return found;
    throw new OciError('NAME_UNKNOWN', `this registry has no connected registry '${name}' directly below it`);
  };
  const keep = (name: string, report: ChildReport): void => {
    const told = new Map<ResourceKey, Told>();
    for (const [descendant, status] of Object.entries(report.descendants)) {
      told.set(keyNamed(descendant), fromDescendant(status));
    }
    // The instance is left alone: a round that a deactivation overtakes must not take the name back.
    told.set(keyNamed(name), { status: report.status, heardAt: clock.now() });
    reports.hear(told);
  };

  const requireHolder = async (name: string, instanceId: string): Promise<void> => {
    await configuration(name);
    const holder = (await reports.get(keyNamed(name)))?.instance;
    if (holder === undefined) {
      throw new OciError('DENIED', `the connected registry '${name}' was deactivated: activate it first`);
    }
    if (holder !== instanceId) throw new OciError('ALREADY_ACTIVATED');
  };

  return {
    configuration,
    activate: async (name, instanceId, report) => {
      await configuration(name);
      if (!(await reports.claim(keyNamed(name), instanceId))) {
        // Deleted meanwhile?
        await configuration(name);
        throw new OciError('ALREADY_ACTIVATED');
      }
      keep(name, report);
    },
    report: async (name, instanceId, report) => {
      await requireHolder(name, instanceId);
      keep(name, report);
    },
    requireHolder,
    deactivate: async (name, instanceId) => {
      await configuration(name);
      const holder = (await reports.get(keyNamed(name)))?.instance;
      if (holder !== instanceId) return;
      await reports.update(new Map([[keyNamed(name), { instance: undefined }]]));
      notify();
    },
    release: async (name) => {
      await reports.update(new Map([[keyNamed(name), { instance: undefined }]]));
      notify();
    },
    requestFullSync: async (name, trigger) => {
      await reports.update(new Map([[keyNamed(name), { pendingFullSync: trigger }]]));
      notify();
    },
    pendingFullSync: async (name) => (await reports.get(keyNamed(name)))?.pendingFullSync,
    fullSyncStarted: async (name, trigger) => {
      const fullSync = { trigger, at: clock.now().toISOString() };
      await reports.update(new Map([[keyNamed(name), { pendingFullSync: undefined, fullSync }]]));
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: stopListening,
  };
}

async function readKnown(resources: Resources, registryKey: ResourceKey): Promise<Map<string, Known>> {
  const configurations = await buildConfigurations(resources, registryKey);
  return new Map(
    [...configurations].map(([name, configuration]) => [
      name,
      { configuration, revision: revisionOf(configuration) },
    ]),
  );
}

function fromDescendant(status: NodeStatus): Told {
  return { status, heardAt: new Date(status.lastActivityTime) };
}
