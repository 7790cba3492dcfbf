// What the control plane tells of a site (docs/fidelity.md, "Ours"): its content, and what the next sync would bring.
import type { Arm } from './arm.ts';
import type { RegistryId } from './registry-id.ts';

export type SiteState = 'OnSite' | 'Missing' | 'Different' | 'Locked' | 'Filtered' | 'Unknown';

export interface SiteRepository {
  name: string;
  tags: { name: string; digest: string; state: SiteState; bytesLeft: number }[];
  manifests: number;
  manifestsLeft: number;
  bytesLeft: number;
  /** The one that was asked for by its digest. */
  manifest?: { digest: string; state: SiteState; bytesLeft: number };
}

export interface SiteQuery {
  /** Only this one; absent: all that it receives. */
  repository?: string | undefined;
  /** Of a manifest in it that is asked for, too. */
  digest?: string | undefined;
}

export interface SyncPlan {
  name: string;
  connectionState: string;
  known: boolean;
  /** Less what has come of the copy that runs. */
  bytesLeft: number;
  manifestsLeft: number;
  tagsLeft: number;
  tagsFiltered?: number;
  syncFilter?: unknown[];
  copies: { repository: string; tags: string[]; manifests: number; bytes: number }[];
  removals: { repository: string; tag?: string; digest: string }[];
  unlisted: number;
  window: { continuous: boolean; open: boolean; opens?: string; closes?: string };
  node?: {
    outstandingBytes: number;
    storedBytes: number;
    freeBytes?: number;
    bytesPerSecond?: number;
    lastSyncTime?: string;
  };
  secondsNeeded?: number;
  /** ISO 8601. */
  estimatedEnd?: string;
  fitsDisk?: boolean;
  fitsWindow?: boolean;
}

export function readSite(
  arm: Arm,
  registry: RegistryId,
  name: string,
  query: SiteQuery = {},
): Promise<SiteRepository[]> {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const question = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  return arm.list<SiteRepository>(`${registry.child('connectedRegistries', name)}/siteContent${question}`);
}

export function readSyncPlan(arm: Arm, registry: RegistryId, name: string): Promise<SyncPlan> {
  return arm.get<SyncPlan>(`${registry.child('connectedRegistries', name)}/syncPlan`);
}
