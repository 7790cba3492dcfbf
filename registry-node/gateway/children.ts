// What a parent knows of the connected registries directly below it. The control plane answers from its resources, a node
// from the configuration that its own parent sent; the gateway's server speaks to both in these words.
import type { NodeConfiguration, NodeStatus, SyncTrigger } from './protocol.ts';

export interface ChildReport {
  status: NodeStatus;
  /** Nodes below the child, by name, and of no others. */
  descendants: Record<string, NodeStatus>;
}

export interface Children {
  /**
   * Binds the name to one instance; the same instance may activate again at any time.
   * @throws OciError ALREADY_ACTIVATED, NAME_UNKNOWN
   */
  activate(name: string, instanceId: string, report: ChildReport): Promise<void>;
  /**
   * Called at each round: checks that `instanceId` holds the name, and keeps the report.
   * @throws OciError ALREADY_ACTIVATED (another instance holds it), DENIED (deactivated: activate first), NAME_UNKNOWN
   */
  report(name: string, instanceId: string, report: ChildReport): Promise<void>;
  /** @throws OciError as `report` */
  requireHolder(name: string, instanceId: string): Promise<void>;
  deactivate(name: string, instanceId: string): Promise<void>;
  /** The newest document and its revision (a hash of it). Cheap when nothing changed. @throws OciError NAME_UNKNOWN */
  configuration(name: string): Promise<{ configuration: NodeConfiguration; revision: string }>;
  /** A full sync that someone asked for and the child has not begun. Cleared by `fullSyncStarted`. */
  pendingFullSync(name: string): Promise<SyncTrigger | undefined>;
  /** Called when a child asks for the first page of a full sync, which `trigger` led to. */
  fullSyncStarted(name: string, trigger: SyncTrigger): Promise<void>;
  /**
   * Calls `listener` when a configuration, a pending full sync, who holds a name or what this registry has of the feed at the
   * top may have changed; never because of a `report`, which every round makes. @returns the call that ends it.
   */
  onChange(listener: () => void): () => void;
}
